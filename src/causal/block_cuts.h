#pragma once

#include <vector>

#include "net/points.h"

namespace faultline::causal {

// What a network's blocks are made of, for interventions block by block.
struct BlockCuts {
  // [B]: the variable nodes of each block that are not affine, in topological order: its gates.
  std::vector<std::vector<net::NodeId>> gates;
  // [B - 1]: the one node through which everything later reads blocks 0 ... b; -1 where there are several, as
  // in a network with a path around a block's end.
  std::vector<net::NodeId> exits;
};

// Only nodes that the output depends on count.
BlockCuts cut_blocks(const net::Graph& graph, const net::NetworkMap& map);

}  // namespace faultline::causal
