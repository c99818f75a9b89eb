#pragma once

#include <algorithm>

#include "engine/engine.h"
#include "engine/executor/buffer_pool.h"
#include "engine/kernel.h"
#include "net/topology.h"

namespace faultline::engine {

using net::NodeSet;

// For indexing by node ids and rows.
inline std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// What a plan consists of, shared by its forward runs and backward sweeps.
template <class S>
struct Machine {
  net::Graph graph;
  NodeSet observed;  // with the Input and the output, which always are
  bool freezable = false;
  NodeSet non_affine;  // nodes whose step freeze changes
  Program<S> program;
  BufferPool pool = {};
  std::int64_t multiply_adds = 0;

  const Layout& layout(net::NodeId node) const { return program.layouts[at(node)]; }
  // Elements of the largest value's row.
  std::int64_t largest_row() const {
    std::int64_t most = 0;
    for (const Step<S>& step : program.steps) most = std::max(most, layout(step.node).row_elements());
    return std::max(most, layout(graph.input()).row_elements());
  }
  const Shape& sample_shape(net::NodeId node) const { return program.sample_shapes[at(node)]; }
};

}  // namespace faultline::engine
