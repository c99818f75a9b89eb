#pragma once

#include <algorithm>
#include <string>

#include "base/philox.h"
#include "control/control.h"

namespace faultline::control::test {

// An image on the 8-bit grid; `low` and `high` of 255. Narrow ranges at 0 or 255 make clipping bite.
inline Tensor image(const Shape& shape, std::uint64_t low, std::uint64_t high) {
  const RandomStream stream(11, "image");
  Tensor x(shape);
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    const std::uint64_t k = low + stream.below(static_cast<std::uint64_t>(i), high - low + 1);
    x[i] = static_cast<float>(k) / 255.0F;
  }
  return x;
}

// A perturbation that keeps x + d in [0,1]: smooth along rows, of another mean in each channel.
inline Tensor perturbation(const Tensor& x, float eps) {
  const RandomStream stream(12, "perturbation");
  Tensor d(x.shape());
  const std::int64_t plane = x.shape()[1] * x.shape()[2];
  for (std::int64_t i = 0; i < d.elements(); ++i) {
    const auto sign = stream.uniform(static_cast<std::uint64_t>(i / 3)) < 0.6 ? 1.0F : -1.0F;
    const float wanted = x[i] + sign * eps * static_cast<float>(1 + i / plane) / 3;
    d[i] = std::clamp(wanted, 0.0F, 1.0F) - x[i];
  }
  return d;
}

}  // namespace faultline::control::test
