#pragma once

#include <memory>
#include <span>
#include <vector>

#include "net/graph.h"

namespace faultline::engine::onednn {

// The value of every node that does not depend on the image, null for the others. Constants are shared with
// the graph.
//   shapes: as sample_shapes(graph) gives them.
std::vector<std::shared_ptr<const Tensor>> constant_values(const net::Graph& graph,
                                                           std::span<const Shape> shapes);

}  // namespace faultline::engine::onednn
