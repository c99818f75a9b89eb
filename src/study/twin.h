#pragma once

#include <cstdint>

#include "base/run_control.h"
#include "engine/engine.h"
#include "net/graph.h"
#include "tensor/tensor.h"

namespace faultline::study {

// A twin: the same graph with weights drawn anew, which shows what the architecture alone produces.
//   Every convolution and dense layer (Gemm; MatMul by a constant matrix) of n inputs a unit gets weights
//   from N(0, 2/n) (He normal), then for each unit, a channel or feature, a factor and a shift, so that over
//   all images and positions its value before the activation has mean 0 and standard deviation 1. A unit that
//   does not vary is only shifted. Batch normalisations and constants added behind a layer are made neutral;
//   other constants (of Sub, Mul, ...) stay.
// Layers are set one after the other, each on what the twin's own earlier layers give.
//
//   graph   from the image on, with its preprocessing
//   images  [N,3,H,W], pixel units; 64 in this project's definition of a twin
// Weights depend on the seed and the node's name; factors and shifts on the images and the engine too.
// Throws Error{unsupported} naming a layer whose weights are a product of others, Error{interrupted}.
net::Graph make_twin(const net::Graph& graph, const engine::Engine& engine, TensorView images,
                     std::uint64_t seed, const RunControl& control);

}  // namespace faultline::study
