#include "net/blocks.h"

#include <algorithm>

#include "base/error.h"

namespace faultline::net {

namespace {

std::int64_t positions(const Shape& shape) {
  return shape.elements(std::min(shape.rank(), 2), shape.rank());
}

bool is_strided(const Operator& op) {
  const auto strides_exceed_one = [](const auto& window) {
    return std::any_of(window.strides.begin(), window.strides.end(),
                       [](std::int64_t stride) { return stride > 1; });
  };
  if (const auto* conv = std::get_if<Conv>(&op)) return strides_exceed_one(*conv);
  if (const auto* pool = std::get_if<MaxPool>(&op)) return strides_exceed_one(*pool);
  if (const auto* pool = std::get_if<AveragePool>(&op)) return strides_exceed_one(*pool);
  return false;
}

// What the cut needs to know of every node: how many reductions lie before it, and where the map ends.
class Survey {
 public:
  explicit Survey(const Graph& graph)
      : graph_(graph),
        shapes_(graph.infer_shapes(1)),
        level_(shapes_.size()),
        after_(shapes_.size()),
        squeezed_(shapes_.size()),
        head_(shapes_.size()) {
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (graph.is_variable(id)) visit(id);
    }
    const auto readers = graph.consumers();
    for (NodeId id = graph.size() - 1; id >= 0; --id) {
      const auto& all = readers[at(id)];
      head_[at(id)] =
          squeezed_[at(id)] && std::all_of(all.begin(), all.end(), [&](NodeId r) { return head_[at(r)]; });
    }
  }

  int level(NodeId id) const { return level_[at(id)]; }
  int levels() const { return *std::max_element(level_.begin(), level_.end()) + 1; }
  // A pooling to one position ends its block; only what follows it is head.
  bool in_head(NodeId id) const { return head_[at(id)] && !squeezes(id); }

 private:
  bool inputs_are_squeezed(NodeId id) const {
    const auto& inputs = graph_.node(id).inputs;
    return !inputs.empty() && std::all_of(inputs.begin(), inputs.end(), [&](NodeId i) {
      return !graph_.is_variable(i) || squeezed_[at(i)];
    });
  }
  bool squeezes(NodeId id) const {
    return is_pooling(graph_.node(id).op) && positions(shapes_[at(id)]) == 1 && !inputs_are_squeezed(id);
  }

  void visit(NodeId id) {
    const Node& node = graph_.node(id);
    const Shape& shape = shapes_[at(id)];
    int before = 0;
    for (const NodeId input : node.inputs) before = std::max(before, after_[at(input)]);
    const bool shrinks = is_strided(node.op) && positions(shape) < positions(shapes_[at(node.inputs[0])]);
    const bool begins = shrinks && std::holds_alternative<Conv>(node.op);
    const bool ends = shrinks && !begins && positions(shape) > 1;
    level_[at(id)] = before + (begins ? 1 : 0);
    after_[at(id)] = level_[at(id)] + (ends ? 1 : 0);
    squeezed_[at(id)] = shape.rank() <= 2 || squeezes(id) || inputs_are_squeezed(id);
  }

  const Graph& graph_;
  std::vector<Shape> shapes_;
  std::vector<int> level_;  // reductions before the node
  std::vector<int> after_;  // reductions before its readers
  std::vector<bool> squeezed_;
  std::vector<bool> head_;
};

// The block of every level and, as its last element, of the head.
std::vector<int> blocks_of_levels(const Survey& survey, std::span<const NodeId> layers) {
  std::vector<bool> has_layer(static_cast<std::size_t>(survey.levels()));
  for (const NodeId layer : layers) {
    if (!survey.in_head(layer)) has_layer[static_cast<std::size_t>(survey.level(layer))] = true;
  }
  std::vector<int> blocks;
  int count = 0;
  for (const bool own : has_layer) {
    if (own) ++count;
    blocks.push_back(std::max(count - 1, 0));
  }
  if (!has_layer.back()) blocks.back() = count;
  blocks.push_back(count);
  return blocks;
}

// Constants, and what is computed from them alone, go to the first block that reads them.
void place_constants(const Graph& graph, std::vector<int>& of_node) {
  const auto readers = graph.consumers();
  for (NodeId id = graph.size() - 1; id >= 0; --id) {
    if (graph.is_variable(id)) continue;
    int first = readers[at(id)].empty() ? 0 : of_node[at(readers[at(id)].front())];
    for (const NodeId reader : readers[at(id)]) first = std::min(first, of_node[at(reader)]);
    of_node[at(id)] = first;
  }
}

NodeId find_start(const Graph& graph, const BlockStart& start) {
  const auto id = graph.find(start.first_node);
  if (!id || !graph.is_variable(*id)) {
    throw Error(ErrorKind::model,
                "block '" + start.block + "' begins at node '" + start.first_node + "', " +
                    (id ? "which does not depend on the image" : "which the model does not have"));
  }
  return *id;
}

}  // namespace

Blocks find_blocks(const Graph& graph, std::span<const NodeId> layers) {
  const Survey survey(graph);
  const std::vector<int> blocks = blocks_of_levels(survey, layers);
  const int head = blocks.back();
  Blocks result;
  result.of_node.resize(static_cast<std::size_t>(graph.size()));
  bool has_head = false;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!graph.is_variable(id)) continue;
    result.of_node[at(id)] = survey.in_head(id) ? head : blocks[static_cast<std::size_t>(survey.level(id))];
    has_head = has_head || result.of_node[at(id)] == head;
  }
  place_constants(graph, result.of_node);
  for (int block = 1; block <= head; ++block) result.names.push_back("block" + std::to_string(block));
  if (has_head) result.names.push_back("head");
  return result;
}

Blocks cut_blocks(const Graph& graph, std::span<const BlockStart> starts) {
  require(!starts.empty(), "cut_blocks: no blocks");
  Blocks result;
  result.of_node.resize(static_cast<std::size_t>(graph.size()));
  NodeId previous = -1;
  for (const BlockStart& start : starts) {
    const NodeId first = find_start(graph, start);
    if (first <= previous) {
      throw Error(ErrorKind::model, "block '" + start.block + "' begins at node '" + start.first_node +
                                        "', expected a node after the beginning of the block before it");
    }
    if (std::find(result.names.begin(), result.names.end(), start.block) != result.names.end()) {
      throw Error(ErrorKind::model, "two blocks are called '" + start.block + "', expected unique names");
    }
    result.names.push_back(start.block);
    std::fill(result.of_node.begin() + first, result.of_node.end(),
              static_cast<int>(result.names.size()) - 1);
    previous = first;
  }
  place_constants(graph, result.of_node);
  return result;
}

}  // namespace faultline::net
