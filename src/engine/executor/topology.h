#pragma once

#include <span>
#include <vector>

#include "net/graph.h"

namespace faultline::engine {

// Sets of nodes, true for members, one entry a node.
using NodeSet = std::vector<bool>;

// The given nodes and all that depend on one of them.
NodeSet descendants(const net::Graph& graph, std::span<const net::NodeId> nodes);
// The node and all that it depends on.
NodeSet ancestors(const net::Graph& graph, net::NodeId node);

// For indexing by node ids and rows.
inline std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

}  // namespace faultline::engine
