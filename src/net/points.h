#pragma once

#include <string>
#include <vector>

#include "net/graph.h"

namespace faultline::net {

// Where heatmaps live: a convolution with the batch normalisation and activation that follow it.
struct Layer {
  std::string name;        // the convolution's node name
  NodeId pre_activation;   // the convolution's or batch normalisation's value
  NodeId post_activation;  // the activation's value; the same as pre_activation where none follows
  int block;
};

enum class PointKind { input, layer, pooling, dense, logits };

// Where deviations live: the normalised image, every layer, every pooling output, every dense layer, the
// logits.
struct Point {
  std::string name;
  PointKind kind;
  NodeId node;  // whose value it is (post-activation)
  int block;
  std::vector<int>
      predecessors;  // indices of the points that the value depends on without another point between
};

// Blocks partition the network (method: a pooling belongs to the block it ends, a strided convolution to the
// block it begins; everything after the last spatial reduction by pooling or its flattening is the head).
struct NetworkMap {
  std::vector<std::string> blocks;  // "block1", ..., "head"; or the names of the layer map
  std::vector<int> block_of_node;   // every node of the graph belongs to exactly one block
  std::vector<Layer> layers;        // in topological order
  std::vector<Point> points;        // in topological order; first the normalised image, last the logits

  // Throws Error{usage} listing the names that exist.
  const Layer& layer(const std::string& name) const;
};

// A user's own cut: each block begins at the named node (topological order) and reaches to the next.
struct BlockStart {
  std::string block;
  std::string first_node;
};

// Finds layers, points and blocks. Throws Error{model} if a named node does not exist or the starts are not
// in order.
NetworkMap map_network(const Graph& graph, const std::vector<BlockStart>& block_starts = {});

}  // namespace faultline::net
