#pragma once

#include <functional>
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace faultline::control {

// For each image, whether the network answers otherwise than for the clean one. Who asks runs the network.
using FlipTest = std::function<std::vector<bool>(std::span<const Tensor> images)>;

struct FlipScale {
  double scale = 0;    // the largest that was tried if none flips
  bool found = false;  // if not, the smallest flipping scale is censored there
};

// The smallest s in (0, largest] found at which clip(x + s n) flips: largest / 512, / 256, ..., / 1 in one
// call of the test, then bisection between the first that flips and the one before it, until they are within
// 1/16 of each other. A path need not be monotone: what is found is the end of a stretch that does not flip.
//   image x [C,H,W] in [0,1]; noise n of its shape; largest > 0.
FlipScale smallest_flip(TensorView image, DoubleTensorView noise, double largest, const FlipTest& flips);

// clip(x + s n) to [0,1], as smallest_flip tries it.
Tensor add_scaled(TensorView image, DoubleTensorView noise, double scale);

}  // namespace faultline::control
