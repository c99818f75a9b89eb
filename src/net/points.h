#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/blocks.h"
#include "net/graph.h"

namespace faultline::net {

// Where heatmaps live: a convolution with the batch normalisation and activation that follow it. What is
// affine with constants (BatchNormalization, a bias added) counts to the convolution; activations are Relu,
// LeakyRelu, Clip, Sigmoid, Tanh and x sigmoid(x). A value that something else reads too ends the layer.
struct Layer {
  std::string name;        // the convolution's node name
  NodeId convolution;      // the convolution itself
  NodeId pre_activation;   // the convolution's or batch normalisation's value
  NodeId post_activation;  // the activation's value; the same as pre_activation where none follows
  int block;
};

enum class PointKind { input, layer, pooling, dense, logits };
std::string_view name_of(PointKind kind);

// Where deviations live: the normalised image, every layer, every pooling output, every dense layer (Gemm or
// MatMul by a constant, with its bias and activation), the logits. The logits replace a point that has their
// value, possibly under another shape.
struct Point {
  std::string name;  // the node's name of a layer, pooling or dense layer; "input", "logits"
  PointKind kind;
  NodeId node;  // whose value it is (post-activation)
  int block;
  // Indices of the points that the value depends on without another point between, ascending.
  std::vector<int> predecessors;
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

// Finds layers, points and blocks (find_blocks, or cut_blocks where starts are given). Only what the logits
// depend on is a layer or point. Throws Error{model} if the logits do not depend on the image, a named node
// does not exist or the starts are not in order.
NetworkMap map_network(const Graph& graph, const std::vector<BlockStart>& block_starts = {});

}  // namespace faultline::net
