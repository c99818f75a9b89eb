#pragma once

#include <span>
#include <string>
#include <vector>

#include "net/graph.h"

namespace faultline::net {

// A partition of a network's nodes into consecutive blocks: along every edge the block's index stays or
// grows.
struct Blocks {
  std::vector<std::string> names;
  std::vector<int> of_node;  // index into names of every node of the graph, constants with their first reader
};

// A user's own cut: each block begins at the named node (topological order) and reaches to the next.
struct BlockStart {
  std::string block;
  std::string first_node;
};

// Blocks where the spatial extent shrinks, named block1, block2, ... and head:
//   * a strided convolution begins a block, a pooling that shrinks its input ends one;
//   * a block holds at least one of `layers` (the convolutions whose values heatmaps explain); a stretch
//   without
//     any joins the block before it, at the network's beginning the one after it;
//   * the head is what follows the last pooling without a layer between, or begins where the value is pooled
//   to
//     one position or flattened for good (a squeeze-and-excitation branch, which returns to the map, does
//     not).
// A network whose logits still have positions has no head; one without layers is all head.
// Throws as Graph::infer_shapes.
Blocks find_blocks(const Graph& graph, std::span<const NodeId> layers);

// Blocks as the user names them; nodes before the first start belong to the first block.
// Throws Error{model} if there is no such node, it does not depend on the image, a block is named twice or
// the starts are not in topological order.
Blocks cut_blocks(const Graph& graph, std::span<const BlockStart> starts);

}  // namespace faultline::net
