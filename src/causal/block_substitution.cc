#include "causal/block_substitution.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "net/topology.h"
#include "tensor/argmax.h"

namespace faultline::causal {

namespace {

using engine::Intervention;
using net::NodeId;

// [id]: the nodes that read a value and that the output depends on, each once.
std::vector<std::vector<NodeId>> live_readers(const net::Graph& graph) {
  const net::NodeSet live = net::ancestors(graph, graph.output());
  std::vector<std::vector<NodeId>> readers = graph.consumers();
  for (auto& of_node : readers) {
    std::erase_if(of_node, [&](NodeId reader) { return !live[net::at(reader)]; });
    std::ranges::sort(of_node);
    of_node.erase(std::unique(of_node.begin(), of_node.end()), of_node.end());
  }
  return readers;
}

// What x sigmoid(x) reads twice is one activation's own affair.
bool is_within_layer(const net::NetworkMap& map, NodeId id) {
  return std::ranges::any_of(map.layers, [&](const net::Layer& layer) {
    return layer.pre_activation == id && layer.post_activation != id;
  });
}

std::vector<Outcome> outcomes_of(const engine::Pass& pass, const MarginClasses& classes) {
  std::vector<Outcome> outcomes;
  for (int row = 0; row < pass.rows(); ++row) {
    const auto z = pass.logits().row(row).values();
    outcomes.push_back({.margin = margin(z, classes), .predicted = argmax(z)});
  }
  return outcomes;
}

// Row 0 gets the values of row 1, row 1 those of row 0.
std::vector<Intervention> swapped(std::span<const NodeId> nodes, const engine::Pass& runs) {
  std::vector<Intervention> list;
  for (const NodeId node : nodes) {
    for (int row = 0; row < 2; ++row)
      list.push_back({.row = row, .node = node, .source = &runs, .source_row = 1 - row});
  }
  return list;
}

}  // namespace

BlockSubstitutions::BlockSubstitutions(const net::Graph& graph, const net::NetworkMap& map,
                                       const engine::Engine& engine) {
  const auto readers = live_readers(graph);
  const auto is_edge_source = [&](NodeId id) {
    return graph.is_variable(id) && readers[net::at(id)].size() > 1 && !is_within_layer(map, id);
  };

  // The same network, with a node of its own for every edge that can be cut.
  net::Graph branched;
  std::vector<NodeId> renumbered(net::at(graph.size()));
  for (NodeId id = 0; id < graph.size(); ++id) {
    std::vector<NodeId> inputs;
    const net::Node& node = graph.node(id);
    NodeId cut_input = -1;  // several inputs may be the same value: one edge
    NodeId edge = -1;
    for (const NodeId input : node.inputs) {
      const bool is_live = std::ranges::binary_search(readers[net::at(input)], id);
      if (!is_live || !is_edge_source(input)) {
        inputs.push_back(renumbered[net::at(input)]);
        continue;
      }
      if (input != cut_input) {
        const std::string name = graph.node(input).name + " -> " + node.name;
        edge = branched.add(name, net::Identity{}, {renumbered[net::at(input)]});
        edges_.push_back({name, edge});
        cut_input = input;
      }
      inputs.push_back(edge);
    }
    renumbered[net::at(id)] = branched.add(node.name, node.op, std::move(inputs));
  }
  branched.set_output(renumbered[net::at(graph.output())]);

  std::set<NodeId> observed;
  for (std::size_t b = 0; b + 1 < map.blocks.size(); ++b) {
    std::vector<NodeId> leaving;
    bool is_bypassed = false;  // later blocks read earlier ones
    for (NodeId id = 0; id < graph.size(); ++id) {
      const auto block_of = [&](NodeId of) {
        return static_cast<std::size_t>(map.block_of_node[net::at(of)]);
      };
      if (!graph.is_variable(id) || block_of(id) > b) continue;
      const bool leaves =
          std::ranges::any_of(readers[net::at(id)], [&](NodeId reader) { return block_of(reader) > b; });
      if (leaves && block_of(id) == b) leaving.push_back(renumbered[net::at(id)]);
      if (leaves && block_of(id) < b) is_bypassed = true;
    }
    if (!is_bypassed || leaving.empty()) continue;
    observed.insert(leaving.begin(), leaving.end());
    blocks_.push_back({map.blocks[b], std::move(leaving)});
  }
  for (const Edge& edge : edges_) observed.insert(edge.node);
  if (any()) plan_ = engine.compile(branched, {.observed = {observed.begin(), observed.end()}});
}

std::vector<PartSubstitution> BlockSubstitutions::run(TensorView clean, TensorView other,
                                                      const MarginClasses& classes) {
  if (!any()) return {};
  require(clean.shape() == other.shape(), "block substitutions: inputs of different shapes");
  Tensor images = Tensor::uninitialised(clean.shape().stacked(2));
  copy_values(clean, images.row(0));
  copy_values(other, images.row(1));
  const auto runs = plan_->forward(images);
  std::vector<PartSubstitution> results;
  const auto record = [&](PartSubstitution::Part part, const std::string& target, const engine::Pass& pass) {
    const std::vector<Outcome> outcomes = outcomes_of(pass, classes);
    results.push_back({part, target, outcomes[0], outcomes[1]});
  };
  for (const Block& block : blocks_) {
    const auto pass = plan_->forward(images, swapped(block.leaving, *runs));
    record(PartSubstitution::Part::block, block.name, *pass);
  }
  for (const Edge& edge : edges_) {
    const std::vector<int> rows = {0, 1};
    const auto pass = plan_->resume(*runs, edge.node, rows, swapped(std::span(&edge.node, 1), *runs));
    record(PartSubstitution::Part::edge, edge.name, *pass);
  }
  return results;
}

}  // namespace faultline::causal
