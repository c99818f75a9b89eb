#pragma once

#include <cmath>
#include <numbers>

namespace faultline::attack {

// From `first` at step 0 along a half cosine towards `last`, which step `steps` would have.
inline double cosine_decay(double first, double last, int step, int steps) {
  return last + (first - last) * (1 + std::cos(std::numbers::pi * step / steps)) / 2;
}

}  // namespace faultline::attack
