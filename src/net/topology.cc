#include "net/topology.h"

#include <algorithm>

namespace faultline::net {

NodeSet descendants(const Graph& graph, std::span<const NodeId> nodes) {
  NodeSet members(at(graph.size()), false);
  for (const NodeId node : nodes) members[at(node)] = true;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const auto& inputs = graph.node(id).inputs;
    if (std::any_of(inputs.begin(), inputs.end(), [&](NodeId input) { return members[at(input)]; }))
      members[at(id)] = true;
  }
  return members;
}

NodeSet ancestors(const Graph& graph, NodeId node) {
  NodeSet members(at(graph.size()), false);
  members[at(node)] = true;
  for (NodeId id = node; id >= 0; --id) {
    if (!members[at(id)]) continue;
    for (const NodeId input : graph.node(id).inputs) members[at(input)] = true;
  }
  return members;
}

bool is_passed_by_all(const Graph& graph, NodeId node) {
  NodeSet around(at(graph.size()), false);  // reached from the image without the node
  around[at(graph.input())] = graph.input() != node;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (id == node) continue;
    const auto& inputs = graph.node(id).inputs;
    if (std::any_of(inputs.begin(), inputs.end(), [&](NodeId input) { return around[at(input)]; }))
      around[at(id)] = true;
  }
  return !around[at(graph.output())];
}

}  // namespace faultline::net
