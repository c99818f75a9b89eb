#include "engine/executor/topology.h"

#include <algorithm>

namespace faultline::engine {

NodeSet descendants(const net::Graph& graph, std::span<const net::NodeId> nodes) {
  NodeSet members(at(graph.size()), false);
  for (const net::NodeId node : nodes) members[at(node)] = true;
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    const auto& inputs = graph.node(id).inputs;
    if (std::any_of(inputs.begin(), inputs.end(), [&](net::NodeId input) { return members[at(input)]; }))
      members[at(id)] = true;
  }
  return members;
}

NodeSet ancestors(const net::Graph& graph, net::NodeId node) {
  NodeSet members(at(graph.size()), false);
  members[at(node)] = true;
  for (net::NodeId id = node; id >= 0; --id) {
    if (!members[at(id)]) continue;
    for (const net::NodeId input : graph.node(id).inputs) members[at(input)] = true;
  }
  return members;
}

}  // namespace faultline::engine
