#include "heatmap/full_gradient.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <variant>

#include "net/reference.h"

namespace faultline::heatmap {
namespace {

bool is_sum(const net::Operator& op) {
  const auto* binary = std::get_if<net::Binary>(&op);
  return binary != nullptr &&
         (binary->kind == net::Binary::Kind::add || binary->kind == net::Binary::Kind::sub);
}

bool has_bias(const net::Graph& graph, net::NodeId id) {
  const net::Node& node = graph.node(id);
  if (!graph.is_variable(id)) return false;
  if (std::holds_alternative<net::Normalize>(node.op) ||
      std::holds_alternative<net::BatchNormalization>(node.op))
    return true;
  if (std::holds_alternative<net::Conv>(node.op)) return node.inputs.size() > 2;
  if (std::holds_alternative<net::Gemm>(node.op))
    return node.inputs.size() > 2 && !graph.is_variable(node.inputs[2]);
  return is_sum(node.op) &&
         std::ranges::any_of(node.inputs, [&](net::NodeId input) { return !graph.is_variable(input); });
}

// The value of a node that does not depend on the image.
DoubleTensor constant_value(const net::Graph& graph, std::span<const Shape> shapes, net::NodeId id) {
  const net::Node& node = graph.node(id);
  DoubleTensor value(shapes[net::at(id)]);
  if (const auto* constant = std::get_if<net::Constant>(&node.op)) {
    std::ranges::copy(constant->value->values(), value.data());
    return value;
  }
  std::vector<DoubleTensor> inputs;
  for (const net::NodeId input : node.inputs) inputs.push_back(constant_value(graph, shapes, input));
  const std::vector<DoubleTensorView> views(inputs.begin(), inputs.end());
  net::forward<double>(node.op, views, value);
  return value;
}

// A convolution of zeros is its bias, everywhere.
DoubleTensor convolution_bias(const DoubleTensor& bias, const Shape& output) {
  DoubleTensor value(output.without_leading());
  for (std::int64_t c = 0; c < value.shape()[0]; ++c) std::ranges::fill(value.row(c).values(), bias[c]);
  return value;
}

// The node's value where its variable inputs are 0, of one image and without the batch.
DoubleTensor bias_of(const net::Graph& graph, std::span<const Shape> shapes, net::NodeId id) {
  const net::Node& node = graph.node(id);
  const Shape& output = shapes[net::at(id)];
  if (std::holds_alternative<net::Conv>(node.op))
    return convolution_bias(constant_value(graph, shapes, node.inputs[2]), output);
  std::vector<DoubleTensor> inputs;
  for (const net::NodeId input : node.inputs) {
    inputs.push_back(graph.is_variable(input) ? DoubleTensor(shapes[net::at(input)])
                                              : constant_value(graph, shapes, input));
  }
  const std::vector<DoubleTensorView> views(inputs.begin(), inputs.end());
  DoubleTensor value(output);
  net::forward<double>(node.op, views, value);
  value.reshape(output.without_leading());
  return value;
}

void multiply(DoubleTensor& by, const DoubleTensor& other) {
  require(by.elements() == other.elements(), "full_gradient: a bias of another shape");
  std::ranges::transform(by.values(), other.values(), by.data(), std::multiplies<>());
}

double sum(const DoubleTensor& values) {
  return std::accumulate(values.values().begin(), values.values().end(), 0.0);
}

}  // namespace

double FullGradient::total() const {
  return std::accumulate(biases.begin(), biases.end(), sum(input),
                         [](double sum_so_far, const Term& term) { return sum_so_far + sum(term.values); });
}

std::vector<net::NodeId> bias_nodes(const net::Graph& graph) {
  std::vector<net::NodeId> nodes;
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    if (has_bias(graph, id)) nodes.push_back(id);
  }
  return nodes;
}

FullGradient full_gradient(engine::Plan& plan, const Question& question) {
  const net::Graph& graph = plan.graph();
  const auto pass = plan.forward(question.image);
  FullGradient result;
  result.score = question.score.values(pass->logits(), question.classes).front();
  const std::vector<Shape> shapes = graph.infer_shapes(1);
  std::vector<net::NodeId> points = bias_nodes(graph);
  points.push_back(graph.input());
  plan.backward(*pass, question.score.seeds(pass->logits(), question.classes), points,
                [&](const engine::Observation& at) {
                  DoubleTensor product = at.read_gradient(0);
                  const bool is_input = at.node() == graph.input();
                  multiply(product, is_input ? at.read(0) : bias_of(graph, shapes, at.node()));
                  if (is_input) {
                    result.input = std::move(product);
                  } else {
                    result.biases.push_back({at.node(), std::move(product)});
                  }
                });
  std::ranges::reverse(result.biases);
  return result;
}

}  // namespace faultline::heatmap
