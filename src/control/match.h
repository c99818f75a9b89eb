#pragma once

#include "tensor/tensor.h"

namespace faultline::control {

inline constexpr double kLargestScale = 0x1p20;
inline constexpr double kLengthTolerance = 1e-3;  // relative

struct Match {
  Tensor image;  // clip(x + scale n) to [0,1], [C,H,W]
  double scale = 0;
  bool matched = false;  // whether the length was reached within kLengthTolerance
};

// Scales a noise n so that |clip(x + s n) - x| = length (L2, after rounding to float). The left side does not
// fall as s grows, so s is found by bisection on [0, kLargestScale]; s = 1 is taken where it fits. If no s
// reaches the length, the largest is used and `matched` is false.
//   image x [C,H,W] in [0,1]; noise of its shape; length >= 0, pixel units.
Match match_length(TensorView image, DoubleTensorView noise, double length);

}  // namespace faultline::control
