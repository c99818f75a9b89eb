#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/operator.h"

namespace faultline::net {

// A node and its one output value. Nodes are numbered in topological order.
using NodeId = int;
// A node's place in a vector with one entry for each node.
inline std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

struct Node {
  std::string name;  // unique in the graph, not empty
  Operator op;
  std::vector<NodeId> inputs;  // all smaller than the node's own id
};

// A network as plain data: pixels in, logits out. Copying it is cheap (weights are shared and immutable).
class Graph {
 public:
  // Appends a node. Throws ContractError if an input does not exist yet, or on a second Input; Error{model}
  // on a name that is taken.
  NodeId add(std::string name, Operator op, std::vector<NodeId> inputs);
  NodeId add_constant(std::string name, Tensor value);
  void set_output(NodeId id);

  int size() const { return static_cast<int>(nodes_.size()); }
  const Node& node(NodeId id) const;
  const std::vector<Node>& nodes() const { return nodes_; }
  // The Input node; the node that gives the logits. Throws ContractError while there is none.
  NodeId input() const;
  NodeId output() const;
  std::optional<NodeId> find(std::string_view name) const;

  // Whether the node's value depends on the image.
  bool is_variable(NodeId id) const;
  // Ids of the nodes that read each node's value.
  std::vector<std::vector<NodeId>> consumers() const;

  // The shape of every node's value for a batch of N images, [N, sample_shape...] at the input.
  // Throws Error{model} naming the node whose inputs do not fit, Error{unsupported} if an input that must be
  // a constant (a convolution's weights, say) depends on the image.
  std::vector<Shape> infer_shapes(std::int64_t batch) const;
  // The same for any shape at the input, without the meaning of a batch.
  std::vector<Shape> infer_shapes_for(const Shape& input_shape) const;

 private:
  std::vector<Node> nodes_;
  std::vector<bool> variable_;
  NodeId input_ = -1;
  NodeId output_ = -1;
};

// How the node's value answers to a change of the image: response(op), with Response::product resolved to
// affine or general. Gemm with both C and a matrix variable counts as general.
Response response_of(const Graph& graph, NodeId id);

// The same graph with every node after the Input renumbered by one and `normalize` put between the Input and
// all that read it; the node is called "normalized". Throws ContractError if there is a Normalize node
// already, so that an input cannot be normalised twice.
Graph with_preprocessing(const Graph& graph, const Normalize& normalize);

}  // namespace faultline::net
