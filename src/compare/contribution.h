#pragma once

#include <map>
#include <span>
#include <vector>

#include "net/graph.h"

namespace faultline::compare {

// A part of the network between values that the flow of pulls is measured at: whatever leaves `from` arrives
// at `to`, and nothing else does. Chains have one segment for each value but the first, from the preceding
// one; where paths branch and meet, values that share readers share a segment.
struct Segment {
  std::vector<net::NodeId> from;  // ascending
  std::vector<net::NodeId> to;    // ascending
};

// Cuts the network at some values into segments, ordered by their first `to`.
//   cut: variable nodes, among them the output, and one that all paths from the image pass (the normalised
//   image) and that comes first; any order. Nodes that the output does not depend on are left out.
// Throws ContractError if a node of the cut precedes the one that all paths pass, or the output is not in it.
std::vector<Segment> segments(const net::Graph& graph, std::span<const net::NodeId> cut);

// The exact contribution of a segment's non-linearities to the change of the margin:
//   sum over `to` of pull - sum over `from` of pull,   pull = <dm/dA(x), A' - A>.
// What is affine hands its pull on unchanged, so only the non-affine nodes of the segment contribute (those
// of `to` included), and together with the pull of the image all segments telescope:
//   m(x') - m(x) = pull_image + sum of all contributions, in any graph.
double contribution(const Segment& segment, const std::map<net::NodeId, double>& pulls);

}  // namespace faultline::compare
