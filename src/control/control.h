#pragma once

#include <cstdint>
#include <string>

#include "base/philox.h"
#include "control/moments.h"
#include "control/statistics.h"
#include "tensor/tensor.h"

namespace faultline::control {

// The perturbation to be imitated, and what it was put on. What is referred to must outlive the call.
struct ControlInput {
  TensorView image;         // x [C,H,W], pixel units, in [0,1]
  TensorView perturbation;  // d = x_a - x [C,H,W], after clipping
  Moments moments = Moments::per_channel;
  // boost: x_b - x [C,H,W], x_b of the same attack descending the loss. Not read by the others.
  TensorView boost_perturbation = {};
};

// One perturbed image, as long as the attacked one.
struct ControlledImage {
  Tensor image;          // clip(x + scale n) [C,H,W]
  double scale = 0;      // s
  bool matched = false;  // |image - x| = |d| within 0.1 % (match.h); if not, it is to be left out and counted
  Statistics achieved = {};  // of image - x
};

// A noise n [C,H,W] before it is scaled: a pure function of the input and the stream.
using NoiseFunction = DoubleTensor (*)(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
