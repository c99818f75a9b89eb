#pragma once

#include <string>
#include <vector>

#include "net/graph.h"

namespace faultline::heatmap {

// Whether each node's value is >= 0 by construction: ReLU, Sigmoid, Clip from 0 on, and what poolings, sums,
// concatenations and rearrangements make of such values.
std::vector<bool> non_negative_nodes(const net::Graph& graph);

// A convolution z of constant weights with a branch beside it, in the new graph:
//   positive = Conv(a, max(w, 0), max(b, 0)),   sum = z + 0 positive, which all that read z reads instead
struct PositiveBranch {
  net::NodeId positive = -1;
  net::NodeId sum = -1;
};

// The same network with a branch at each convolution whose input is non-negative. Values are the same; names
// of new nodes are "<convolution>/positive", ".../nothing", ".../sum".
net::Graph with_positive_branches(const net::Graph& graph);
// The branches of such a graph; none of another.
std::vector<PositiveBranch> positive_branches(const net::Graph& graph);

}  // namespace faultline::heatmap
