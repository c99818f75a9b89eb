#include "net/points.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/error.h"
#include "net/topology.h"

namespace faultline::net {

namespace {

// Follows a value to where its layer ends.
class Follower {
 public:
  explicit Follower(const Graph& graph) : graph_(graph), readers_(graph.consumers()) {}

  // The last of the affine operations with constants that follow the value.
  NodeId pre_activation(NodeId id) const {
    auto next = only_reader(id);
    while (next && continues(*next)) {
      id = *next;
      next = only_reader(id);
    }
    return id;
  }

  // The activation that follows the value, or the value itself.
  NodeId post_activation(NodeId id) const {
    const auto next = only_reader(id);
    if (next && response(graph_.node(*next).op) == Response::elementwise) return *next;
    return swish(id).value_or(id);
  }

 private:
  // The one node that reads a value, passing over identities; none if several do or it is the network's
  // result.
  std::optional<NodeId> only_reader(NodeId id) const {
    while (id != graph_.output() && readers_[at(id)].size() == 1) {
      id = readers_[at(id)].front();
      if (!std::holds_alternative<Identity>(graph_.node(id).op)) return id;
    }
    return std::nullopt;
  }

  bool continues(NodeId id) const {
    const Operator& op = graph_.node(id).op;
    return std::holds_alternative<BatchNormalization>(op) ||
           (std::holds_alternative<Binary>(op) && has_constant_operand(id) &&
            response_of(graph_, id) == Response::affine);
  }

  bool has_constant_operand(NodeId id) const {
    const auto& inputs = graph_.node(id).inputs;
    return std::any_of(inputs.begin(), inputs.end(),
                       [&](NodeId input) { return !graph_.is_variable(input); });
  }

  // The product in x sigmoid(x), where nothing but the two reads x.
  std::optional<NodeId> swish(NodeId id) const {
    const auto& readers = readers_[at(id)];
    if (readers.size() != 2 || id == graph_.output()) return std::nullopt;
    const bool first = std::holds_alternative<Sigmoid>(graph_.node(readers[0]).op);
    const NodeId gate = first ? readers[0] : readers[1];
    const NodeId product = first ? readers[1] : readers[0];
    const auto* binary = std::get_if<Binary>(&graph_.node(product).op);
    const bool fits = std::holds_alternative<Sigmoid>(graph_.node(gate).op) && binary &&
                      binary->kind == Binary::Kind::mul && only_reader(gate) == product;
    return fits ? std::optional(product) : std::nullopt;
  }

  const Graph& graph_;
  std::vector<std::vector<NodeId>> readers_;
};

bool is_dense(const Graph& graph, NodeId id) {
  const Operator& op = graph.node(id).op;
  return (std::holds_alternative<Gemm>(op) || std::holds_alternative<MatMul>(op)) &&
         response_of(graph, id) == Response::affine;
}

bool keeps_values(const Operator& op) {
  return std::holds_alternative<Flatten>(op) || std::holds_alternative<Reshape>(op) ||
         std::holds_alternative<Squeeze>(op) || std::holds_alternative<Unsqueeze>(op) ||
         std::holds_alternative<Identity>(op);
}

std::vector<Layer> find_layers(const Graph& graph, const std::vector<bool>& needed) {
  const Follower follower(graph);
  std::vector<Layer> layers;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!needed[at(id)] || !graph.is_variable(id) || !std::holds_alternative<Conv>(graph.node(id).op))
      continue;
    const NodeId pre = follower.pre_activation(id);
    layers.push_back({graph.node(id).name, id, pre, follower.post_activation(pre), 0});
  }
  return layers;
}

// All points but the logits, in no order.
std::vector<Point> find_inner_points(const Graph& graph, const std::vector<bool>& needed,
                                     const std::vector<Layer>& layers) {
  const Follower follower(graph);
  std::vector<Point> points;
  for (const Layer& layer : layers)
    points.push_back({layer.name, PointKind::layer, layer.post_activation, 0, {}});
  NodeId image = graph.input();
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!needed[at(id)] || !graph.is_variable(id)) continue;
    const Node& node = graph.node(id);
    if (std::holds_alternative<Normalize>(node.op)) image = id;
    if (is_pooling(node.op)) points.push_back({node.name, PointKind::pooling, id, 0, {}});
    if (is_dense(graph, id)) {
      points.push_back(
          {node.name, PointKind::dense, follower.post_activation(follower.pre_activation(id)), 0, {}});
    }
  }
  points.push_back({"input", PointKind::input, image, 0, {}});
  return points;
}

// Adds the logits, in the place of a point whose value they are.
void add_logits(const Graph& graph, std::vector<Point>& points) {
  NodeId same = graph.output();
  const auto is_here = [&](const Point& point) {
    return point.node == same && point.kind != PointKind::input;
  };
  auto found = std::find_if(points.begin(), points.end(), is_here);
  while (found == points.end() && keeps_values(graph.node(same).op)) {
    same = graph.node(same).inputs[0];
    found = std::find_if(points.begin(), points.end(), is_here);
  }
  if (found != points.end()) points.erase(found);
  points.push_back({"logits", PointKind::logits, graph.output(), 0, {}});
}

void link_predecessors(const Graph& graph, std::vector<Point>& points) {
  std::vector<std::vector<int>> nearest(static_cast<std::size_t>(graph.size()));
  std::size_t next = 0;
  for (NodeId id = 0; id < graph.size(); ++id) {
    std::vector<int>& own = nearest[at(id)];
    for (const NodeId input : graph.node(id).inputs) {
      std::vector<int> merged;
      std::set_union(own.begin(), own.end(), nearest[at(input)].begin(), nearest[at(input)].end(),
                     std::back_inserter(merged));
      own = std::move(merged);
    }
    while (next < points.size() && points[next].node == id) {
      points[next].predecessors = std::exchange(own, {static_cast<int>(next)});
      ++next;
    }
  }
}

}  // namespace

const Layer& NetworkMap::layer(const std::string& name) const {
  const auto found =
      std::find_if(layers.begin(), layers.end(), [&](const Layer& layer) { return layer.name == name; });
  if (found != layers.end()) return *found;
  std::string names;
  for (const Layer& layer : layers) names += (names.empty() ? "" : ", ") + layer.name;
  throw Error(ErrorKind::usage,
              "layer '" + name + "', expected one of: " + (names.empty() ? "(the network has none)" : names));
}

std::string_view name_of(PointKind kind) {
  switch (kind) {
    case PointKind::input:
      return "input";
    case PointKind::layer:
      return "layer";
    case PointKind::pooling:
      return "pooling";
    case PointKind::dense:
      return "dense";
    case PointKind::logits:
      return "logits";
  }
  throw ContractError("name_of: no such kind of point");
}

NetworkMap map_network(const Graph& graph, const std::vector<BlockStart>& block_starts) {
  if (!graph.is_variable(graph.output())) {
    throw Error(ErrorKind::model,
                "the logits '" + graph.node(graph.output()).name + "' do not depend on the image");
  }
  const std::vector<bool> needed = ancestors(graph, graph.output());
  NetworkMap map;
  map.layers = find_layers(graph, needed);
  map.points = find_inner_points(graph, needed, map.layers);
  add_logits(graph, map.points);
  std::stable_sort(map.points.begin(), map.points.end(),
                   [](const Point& a, const Point& b) { return a.node < b.node; });
  link_predecessors(graph, map.points);

  std::vector<NodeId> convolutions;
  for (const Layer& layer : map.layers) convolutions.push_back(layer.convolution);
  Blocks blocks = block_starts.empty() ? find_blocks(graph, convolutions) : cut_blocks(graph, block_starts);
  for (Layer& layer : map.layers) layer.block = blocks.of_node[at(layer.convolution)];
  for (Point& point : map.points) point.block = blocks.of_node[at(point.node)];
  map.blocks = std::move(blocks.names);
  map.block_of_node = std::move(blocks.of_node);
  return map;
}

}  // namespace faultline::net
