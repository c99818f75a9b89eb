#include "heatmap/positive_branches.h"

#include <algorithm>
#include <variant>

namespace faultline::heatmap {
namespace {

bool keeps_sign(const net::Operator& op) {
  const auto* binary = std::get_if<net::Binary>(&op);
  return std::holds_alternative<net::Concat>(op) || std::holds_alternative<net::Flatten>(op) ||
         std::holds_alternative<net::Reshape>(op) || std::holds_alternative<net::Transpose>(op) ||
         std::holds_alternative<net::Squeeze>(op) || std::holds_alternative<net::Unsqueeze>(op) ||
         std::holds_alternative<net::Identity>(op) || net::is_pooling(op) ||
         (binary != nullptr && binary->kind == net::Binary::Kind::add);
}

bool gives_positive(const net::Operator& op) {
  const auto* clip = std::get_if<net::Clip>(&op);
  return std::holds_alternative<net::Relu>(op) || std::holds_alternative<net::Sigmoid>(op) ||
         (clip != nullptr && clip->min >= 0);
}

// Whether every parameter of the convolution is a Constant's value.
bool has_constant_weights(const net::Graph& graph, const net::Node& node) {
  return std::all_of(node.inputs.begin() + 1, node.inputs.end(), [&](net::NodeId id) {
    return std::holds_alternative<net::Constant>(graph.node(id).op);
  });
}

class Builder {
 public:
  explicit Builder(const net::Graph& graph) : from_(graph), non_negative_(non_negative_nodes(graph)) {}

  net::Graph run() {
    for (net::NodeId id = 0; id < from_.size(); ++id) {
      const net::Node& node = from_.node(id);
      std::vector<net::NodeId> inputs;
      for (const net::NodeId input : node.inputs) inputs.push_back(now_[net::at(input)]);
      const net::NodeId copy = to_.add(node.name, node.op, inputs);
      now_.push_back(takes_branch(id) ? with_branch(node, copy, inputs) : copy);
    }
    to_.set_output(now_[net::at(from_.output())]);
    return std::move(to_);
  }

 private:
  bool takes_branch(net::NodeId id) const {
    const net::Node& node = from_.node(id);
    return std::holds_alternative<net::Conv>(node.op) && from_.is_variable(id) &&
           non_negative_[net::at(node.inputs[0])] && has_constant_weights(from_, node);
  }

  net::NodeId with_branch(const net::Node& node, net::NodeId convolution,
                          const std::vector<net::NodeId>& inputs) {
    std::vector<net::NodeId> operands = {inputs[0]};
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      Tensor weights = *std::get<net::Constant>(from_.node(node.inputs[i]).op).value;
      for (float& weight : weights.values()) weight = std::max(weight, 0.0F);
      operands.push_back(to_.add_constant(node.name + "/positive/" + std::to_string(i), std::move(weights)));
    }
    const net::NodeId positive = to_.add(node.name + "/positive", node.op, operands);
    const net::NodeId zero = to_.add_constant(node.name + "/zero", Tensor(Shape{1, 1, 1}));
    const net::NodeId nothing =
        to_.add(node.name + "/nothing", net::Binary{net::Binary::Kind::mul}, {positive, zero});
    return to_.add(node.name + "/sum", net::Binary{net::Binary::Kind::add}, {convolution, nothing});
  }

  const net::Graph& from_;
  std::vector<bool> non_negative_;
  net::Graph to_ = {};
  std::vector<net::NodeId> now_ = {};  // in the new graph, what reads each old node's value reads
};

}  // namespace

std::vector<bool> non_negative_nodes(const net::Graph& graph) {
  std::vector<bool> found;
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    const net::Node& node = graph.node(id);
    const bool inputs = !node.inputs.empty() && std::ranges::all_of(node.inputs, [&](net::NodeId input) {
      return found[net::at(input)];
    });
    found.push_back(gives_positive(node.op) || (keeps_sign(node.op) && inputs));
  }
  return found;
}

net::Graph with_positive_branches(const net::Graph& graph) {
  return Builder(graph).run();
}

std::vector<PositiveBranch> positive_branches(const net::Graph& graph) {
  std::vector<PositiveBranch> branches;
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    const std::string& name = graph.node(id).name;
    const auto sum = graph.find(name + "/sum");
    const auto positive = graph.find(name + "/positive");
    if (sum && positive) branches.push_back({*positive, *sum});
  }
  return branches;
}

}  // namespace faultline::heatmap
