#include "causal/block_cuts.h"

#include <set>

#include "net/topology.h"

namespace faultline::causal {

BlockCuts cut_blocks(const net::Graph& graph, const net::NetworkMap& map) {
  const std::size_t blocks = map.blocks.size();
  BlockCuts cuts{std::vector<std::vector<net::NodeId>>(blocks), {}};
  std::vector<std::set<net::NodeId>> leaving(blocks);  // [b]: of blocks 0 ... b, read by later ones
  const std::vector<bool> needed = net::ancestors(graph, graph.output());
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    if (!needed[net::at(id)] || !graph.is_variable(id)) continue;
    const auto block = static_cast<std::size_t>(map.block_of_node[net::at(id)]);
    if (net::response_of(graph, id) != net::Response::affine) cuts.gates[block].push_back(id);
    for (const net::NodeId input : graph.node(id).inputs) {
      if (!graph.is_variable(input)) continue;
      const auto from = static_cast<std::size_t>(map.block_of_node[net::at(input)]);
      for (std::size_t b = from; b < block; ++b) leaving[b].insert(input);
    }
  }
  for (std::size_t b = 0; b + 1 < blocks; ++b)
    cuts.exits.push_back(leaving[b].size() == 1 ? *leaving[b].begin() : -1);
  return cuts;
}

}  // namespace faultline::causal
