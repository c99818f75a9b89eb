#pragma once

#include <span>
#include <vector>

#include "net/graph.h"

namespace faultline::net {

// Sets of nodes, true for members, one entry a node.
using NodeSet = std::vector<bool>;

// The given nodes and all that depend on one of them.
NodeSet descendants(const Graph& graph, std::span<const NodeId> nodes);
// The node and all that it depends on.
NodeSet ancestors(const Graph& graph, NodeId node);
// Whether every path from the image to the output leads through the node.
bool is_passed_by_all(const Graph& graph, NodeId node);

}  // namespace faultline::net
