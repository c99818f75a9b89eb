#pragma once

#include <cstdint>
#include <vector>

#include "net/graph.h"

namespace faultline::test {

// A network drawn from a seed: images [N,3,h,w] with 5 <= h,w <= 14, up to some 20 operators of every kind
// with random attributes (strides, dilation, groups, asymmetric pads, ceil_mode, ...), branches and joins,
// channels that fill no block of 8 or 16 -> logits [N,K], 2 <= K <= 9. Every second one normalises its input.
net::Graph random_graph(std::uint64_t seed);

// The number of terms that the value at each node sums over, along the path where they are most: round-off is
// in proportion to it.
std::vector<double> reduction_lengths(const net::Graph& graph);

}  // namespace faultline::test
