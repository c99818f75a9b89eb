#pragma once

#include <cstdint>
#include <string>

#include "base/philox.h"
#include "control/flip_scale.h"
#include "control/moments.h"
#include "control/statistics.h"
#include "tensor/tensor.h"

namespace faultline::control {

// What can be set of controls; each reads what concerns it.
struct ControlOptions {
  Moments moments = Moments::per_channel;  // gaussian, uniform
  double largest_std = 0.25;  // flip-gaussian, pixel units: beyond it the smallest flipping std is censored
  double share = 0.9;         // subcritical: what is taken of the smallest flipping share
};

// The perturbation to be imitated, and what it was put on. What is referred to must outlive the call.
struct ControlInput {
  TensorView image;         // x [C,H,W], pixel units, in [0,1]
  TensorView perturbation;  // d = x_a - x [C,H,W], after clipping
  ControlOptions options = {};
  // boost: x_b - x [C,H,W], x_b of the same attack descending the loss. Not read by the others.
  TensorView boost_perturbation = {};
  // transfer: what the same attack made for another image [C,H,W]. Not read by the others.
  TensorView transfer_perturbation = {};
  // flip-gaussian, subcritical: runs the network. Not called by the others.
  FlipTest flips = {};
};

// One perturbed image.
struct ControlledImage {
  Tensor image;      // clip(x + scale n) [C,H,W]
  double scale = 0;  // s
  // Whether it is what it is to be (Scaling): as long as d, just flipped, not flipped. If not, it is to be
  // left out and counted.
  bool matched = false;
  Statistics achieved = {};  // of image - x
};

// A noise n [C,H,W] before it is scaled: a pure function of the input and the stream.
using NoiseFunction = DoubleTensor (*)(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
