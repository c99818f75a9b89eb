#include "engine/onednn/fusion.h"

#include <algorithm>

namespace faultline::engine::onednn {

namespace {

class Finder {
 public:
  Finder(const net::Graph& graph, const CompileOptions& options)
      : graph_(graph), options_(options), consumers_(graph.consumers()) {}

  ConvGroup group_of(NodeId conv) const {
    ConvGroup group{.conv = conv, .batch_normalization = {}, .relu = {}};
    const auto normalization = absorbable<net::BatchNormalization>(conv);
    if (normalization && has_constant_parameters(*normalization)) group.batch_normalization = normalization;
    group.relu = absorbable<net::Relu>(group.result());
    return group;
  }

 private:
  // The only reader of the node's value, if it is an Op and nobody else wants that value.
  template <class Op>
  std::optional<NodeId> absorbable(NodeId node) const {
    const auto& readers = consumers_[static_cast<std::size_t>(node)];
    if (readers.size() != 1 || is_wanted(node)) return std::nullopt;
    if (!std::holds_alternative<Op>(graph_.node(readers[0]).op)) return std::nullopt;
    return readers[0];
  }

  bool is_wanted(NodeId node) const {
    return node == graph_.output() ||
           std::find(options_.observed.begin(), options_.observed.end(), node) != options_.observed.end();
  }

  bool has_constant_parameters(NodeId normalization) const {
    const auto& inputs = graph_.node(normalization).inputs;
    return std::none_of(inputs.begin() + 1, inputs.end(), [&](NodeId id) { return graph_.is_variable(id); });
  }

  const net::Graph& graph_;
  const CompileOptions& options_;
  std::vector<std::vector<NodeId>> consumers_;
};

}  // namespace

std::vector<ConvGroup> find_conv_groups(const net::Graph& graph, const CompileOptions& options) {
  const Finder finder(graph, options);
  std::vector<ConvGroup> groups;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (std::holds_alternative<net::Conv>(graph.node(id).op) && graph.is_variable(id)) {
      groups.push_back(finder.group_of(id));
    }
  }
  return groups;
}

}  // namespace faultline::engine::onednn
