#include "attack/step.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline::attack {

namespace {

void step_linf(float step_size, TensorView gradient, MutableTensorView x) {
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    const float g = gradient[i];
    x[i] += g > 0 ? step_size : g < 0 ? -step_size : 0.0F;
  }
}

void step_l2(float step_size, TensorView gradient, MutableTensorView x) {
  // In double, squares of float values neither overflow nor vanish.
  double squares = 0;
  for (const float g : gradient.values()) squares += static_cast<double>(g) * static_cast<double>(g);
  if (!(squares > 0) || !std::isfinite(squares)) return;
  const double scale = static_cast<double>(step_size) / std::sqrt(squares);
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    x[i] = static_cast<float>(static_cast<double>(x[i]) + scale * static_cast<double>(gradient[i]));
  }
}

}  // namespace

void step(Norm norm, float step_size, TensorView gradient, MutableTensorView x) {
  require(gradient.shape() == x.shape(), "attack::step: shapes differ");
  require(norm == Norm::linf || norm == Norm::l2, "attack::step: linf or l2");
  norm == Norm::linf ? step_linf(step_size, gradient, x) : step_l2(step_size, gradient, x);
}

}  // namespace faultline::attack
