#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/kernel.h"
#include "engine/onednn/conv_problem.h"

namespace faultline::engine::onednn {

// What runs for one convolution (ConvPath::implementation), "winograd (avx512)".
struct ConvImplementation {
  std::string node;
  ConvProblem problem;
  std::string forward;
  std::string backward;
};

struct Lowered {
  Program<float> program;
  std::vector<ConvImplementation> convolutions;
};

// The graph as float kernels: layouts chosen once for the whole network (layouts.h), convolutions fused with
// what follows (fusion.h), weights converted. Kernels of our own where a layout allows it, else net's by way
// of plain layout. Logs a warning for a convolution that only oneDNN's plain loops can compute. Throws
// Error{model} naming the node if it cannot be run.
Lowered lower(const net::Graph& graph, const CompileOptions& options, const EngineOptions& engine = {});

}  // namespace faultline::engine::onednn
