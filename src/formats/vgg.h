#pragma once

#include <cstdint>

#include "net/graph.h"

namespace faultline::formats {

struct VggOptions {
  int layers = 16;  // 11, 13, 16 or 19: convolutions and dense layers
  std::uint64_t seed = 0;
  double width = 1;  // of all hidden layers; channels are rounded, at least 1
  int classes = 1000;
  int input_size = 224;  // height and width, a multiple of 32
};

// A VGG network (Simonyan and Zisserman 2015, configurations A, B, D, E) without Normalize, named as in
// Keras: image, block1_conv1, block1_conv1_relu, ..., block5_pool, flatten, fc1, fc1_relu, fc2, fc2_relu,
// predictions (logits, no Softmax); weights are
// "<node>.weight" and "<node>.bias".
//   Weights are He normal, N(0, 2 / fan in), from the stream (seed, "vgg16/<node>.weight"); biases are 0. The
//   same on any number of threads. VGG-16 at full width for 224 pixels and 1,000 classes has 138,357,544
//   parameters.
// Throws Error{usage} for an option out of range.
net::Graph build_vgg(const VggOptions& options = {});

}  // namespace faultline::formats
