#include "study/tensor_errors.h"

#include <cmath>
#include <cstddef>
#include <span>

namespace faultline::study {

namespace {

double norm(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum);
}

}  // namespace

double relative_l2(DoubleTensorView found, DoubleTensorView exact) {
  require(found.elements() == exact.elements(), "relative_l2: tensors of different sizes");
  double sum = 0;
  for (std::int64_t i = 0; i < exact.elements(); ++i) {
    const double difference = found[i] - exact[i];
    sum += difference * difference;
  }
  return sum == 0 ? 0 : std::sqrt(sum) / norm(exact.values());
}

double cosine_loss(DoubleTensorView a, DoubleTensorView b) {
  require(a.elements() == b.elements(), "cosine_loss: tensors of different sizes");
  const double a_norm = norm(a.values());
  const double b_norm = norm(b.values());
  if (a_norm == 0 || b_norm == 0) return a_norm == b_norm ? 0 : 1;
  // |u - v|^2 = 2 (1 - <u, v>) of unit vectors keeps the digits that 1 - <u, v> would lose.
  double sum = 0;
  for (std::int64_t i = 0; i < a.elements(); ++i) {
    const double difference = a[i] / a_norm - b[i] / b_norm;
    sum += difference * difference;
  }
  return sum / 2;
}

}  // namespace faultline::study
