#include "net/graph.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace faultline::net {

namespace {

void check_variability(const Graph& graph, const Node& node) {
  for (auto i = static_cast<std::size_t>(input_count(node.op).variable); i < node.inputs.size(); ++i) {
    if (graph.is_variable(node.inputs[i])) {
      throw Error(ErrorKind::unsupported, "[" + std::string(operator_name(node.op)) + "] its input " +
                                              std::to_string(i) +
                                              " depends on the image, expected a constant");
    }
  }
}

}  // namespace

NodeId Graph::add(std::string name, Operator op, std::vector<NodeId> inputs) {
  require(std::all_of(inputs.begin(), inputs.end(), [&](NodeId id) { return id >= 0 && id < size(); }),
          "Graph::add: an input does not exist yet");
  require(!name.empty(), "Graph::add: a node needs a name");
  if (find(name)) throw Error(ErrorKind::model, "two nodes are called '" + name + "', expected unique names");
  const bool is_input = std::holds_alternative<Input>(op);
  require(!is_input || input_ < 0, "Graph::add: a second Input");
  const NodeId id = size();
  if (is_input) input_ = id;
  variable_.push_back(is_input ||
                      std::any_of(inputs.begin(), inputs.end(), [&](NodeId i) { return is_variable(i); }));
  nodes_.push_back({std::move(name), std::move(op), std::move(inputs)});
  return id;
}

NodeId Graph::add_constant(std::string name, Tensor value) {
  return add(std::move(name), Constant{std::make_shared<const Tensor>(std::move(value))}, {});
}

void Graph::set_output(NodeId id) {
  require(id >= 0 && id < size(), "Graph::set_output: no such node");
  output_ = id;
}

const Node& Graph::node(NodeId id) const {
  require(id >= 0 && id < size(), "Graph::node: no such node");
  return nodes_[static_cast<std::size_t>(id)];
}

NodeId Graph::input() const {
  require(input_ >= 0, "Graph::input: the graph has no Input");
  return input_;
}

NodeId Graph::output() const {
  require(output_ >= 0, "Graph::output: the graph has no output");
  return output_;
}

std::optional<NodeId> Graph::find(std::string_view name) const {
  const auto found =
      std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& node) { return node.name == name; });
  if (found == nodes_.end()) return std::nullopt;
  return static_cast<NodeId>(found - nodes_.begin());
}

bool Graph::is_variable(NodeId id) const {
  require(id >= 0 && id < size(), "Graph::is_variable: no such node");
  return variable_[static_cast<std::size_t>(id)];
}

std::vector<std::vector<NodeId>> Graph::consumers() const {
  std::vector<std::vector<NodeId>> result(nodes_.size());
  for (NodeId id = 0; id < size(); ++id) {
    for (const NodeId input : node(id).inputs) result[static_cast<std::size_t>(input)].push_back(id);
  }
  return result;
}

std::vector<Shape> Graph::infer_shapes(std::int64_t batch) const {
  return infer_shapes_for(std::get<Input>(node(input()).op).sample_shape.stacked(batch));
}

std::vector<Shape> Graph::infer_shapes_for(const Shape& input_shape) const {
  std::vector<Shape> shapes;
  std::vector<Shape> inputs;
  for (const Node& node : nodes_) {
    if (std::holds_alternative<Input>(node.op)) {
      check_size(Input::kName, input_shape);
      shapes.push_back(input_shape);
      continue;
    }
    if (const auto* constant = std::get_if<Constant>(&node.op)) {
      shapes.push_back(constant->value->shape());
      continue;
    }
    inputs.clear();
    for (const NodeId input : node.inputs) inputs.push_back(shapes[static_cast<std::size_t>(input)]);
    try {
      check_variability(*this, node);
      shapes.push_back(infer_shape(node.op, inputs));
    } catch (const Error& error) {
      throw Error(error.kind(), "node '" + node.name + "': " + error.what());
    }
  }
  return shapes;
}

Response response_of(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Response own = response(node.op);
  if (own != Response::product) return own;
  const auto variable = [&](NodeId input) { return graph.is_variable(input); };
  if (std::count_if(node.inputs.begin(), node.inputs.end(), variable) > 1) return Response::general;
  const auto* binary = std::get_if<Binary>(&node.op);
  const bool divides_by_variable = binary && binary->kind == Binary::Kind::div && variable(node.inputs[1]);
  return divides_by_variable ? Response::general : Response::affine;
}

Graph with_preprocessing(const Graph& graph, const Normalize& normalize) {
  Graph result;
  const NodeId input = graph.input();
  NodeId normalized = -1;
  std::vector<NodeId> renumbered;
  for (NodeId id = 0; id < graph.size(); ++id) {
    Node node = graph.node(id);
    require(!std::holds_alternative<Normalize>(node.op),
            "with_preprocessing: the graph normalises its input already");
    for (NodeId& from : node.inputs)
      from = from == input ? normalized : renumbered[static_cast<std::size_t>(from)];
    renumbered.push_back(result.add(std::move(node.name), std::move(node.op), std::move(node.inputs)));
    if (id == input) normalized = result.add("normalized", normalize, {renumbered.back()});
  }
  const NodeId output = graph.output();
  result.set_output(output == input ? normalized : renumbered[static_cast<std::size_t>(output)]);
  return result;
}

}  // namespace faultline::net
