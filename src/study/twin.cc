#include "study/twin.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "study/layer_weights.h"

namespace faultline::study {

namespace {

constexpr std::int64_t kBatch = 16;

// nullopt: the node has no weights.
std::optional<LayerWeights> weights_of(const net::Graph& graph, net::NodeId id) {
  const net::Node& node = graph.node(id);
  if (!graph.is_variable(id)) return std::nullopt;
  const auto* gemm = std::get_if<net::Gemm>(&node.op);
  const bool is_conv = std::holds_alternative<net::Conv>(node.op);
  const bool is_matmul = std::holds_alternative<net::MatMul>(node.op);
  if (!is_conv && !is_matmul && gemm == nullptr) return std::nullopt;
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorKind::unsupported, "twin: node '" + node.name + "' " + what);
  };
  if (graph.is_variable(node.inputs[1])) {
    if (is_matmul && graph.is_variable(node.inputs[0])) return std::nullopt;  // a product of two values
    refuse("multiplies weights by a value, expected a value by weights");
  }
  const std::optional<LayerWeights> weights = layer_weights(graph, id);
  if (!weights) refuse("has weights that are computed from others");
  if (is_conv) return weights;
  const int rank = graph.infer_shapes(1)[net::at(node.inputs[0])].rank();
  if (rank != 2 || weights->shape.rank() != 2 || (gemm != nullptr && gemm->transpose_a))
    refuse("is no dense layer of [N,K] values by a matrix");
  return weights;
}

// What a layer's units give over all images and positions.
struct Moments {
  std::vector<double> mean;
  std::vector<double> deviation;
};

// A network that gives, for each image, the mean of every unit of the last node and of its square: [N, 2
// units].
net::Graph measuring(net::Graph graph, net::NodeId node, int rank) {
  const net::NodeId square =
      graph.add("twin/square", net::Binary{.kind = net::Binary::Kind::mul}, {node, node});
  std::vector<net::NodeId> parts = {node, square};
  if (rank > 2) {
    parts[0] = graph.add("twin/mean", net::GlobalAveragePool{}, {parts[0]});
    parts[1] = graph.add("twin/mean square", net::GlobalAveragePool{}, {parts[1]});
  }
  const net::NodeId both = graph.add("twin/both", net::Concat{}, parts);
  graph.set_output(graph.add("twin/moments", net::Flatten{}, {both}));
  return graph;
}

Moments measure(const net::Graph& graph, const engine::Engine& engine, TensorView images, std::int64_t units,
                const RunControl& control) {
  const auto plan = engine.compile(graph, {});
  const std::int64_t n = images.shape()[0];
  std::vector<double> sums(static_cast<std::size_t>(2 * units), 0.0);
  for (std::int64_t first = 0; first < n; first += kBatch) {
    control.checkpoint();
    const auto pass = plan->forward(images.rows(first, std::min(kBatch, n - first)));
    for (std::int64_t row = 0; row < pass->rows(); ++row) {
      const auto values = pass->logits().row(row).values();
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += values[i];
    }
  }
  Moments moments;
  for (std::int64_t u = 0; u < units; ++u) {
    const double mean = sums[static_cast<std::size_t>(u)] / static_cast<double>(n);
    const double square = sums[static_cast<std::size_t>(units + u)] / static_cast<double>(n);
    moments.mean.push_back(mean);
    // A difference of floats: what is smaller than their rounding is no variation, and is left as it is.
    const double variance = square - mean * mean;
    moments.deviation.push_back(variance > 1e-6 * square ? std::sqrt(variance) : 1);
  }
  return moments;
}

// Copies a graph node by node, and gives each layer its weights as soon as all before it have theirs.
class TwinMaker {
 public:
  TwinMaker(const net::Graph& graph, const engine::Engine& engine, TensorView images, std::uint64_t seed,
            const RunControl& control)
      : graph_(graph),
        consumers_(graph.consumers()),
        engine_(engine),
        images_(images),
        seed_(seed),
        control_(control) {
    for (net::NodeId id = 0; id < graph.size(); ++id) layers_ += weights_of(graph, id) ? 1 : 0;
  }

  net::Graph run() {
    copies_.assign(net::at(graph_.size()), kNone);
    for (net::NodeId id = 0; id < graph_.size(); ++id) {
      if (graph_.is_variable(id)) copies_[net::at(id)] = add_node(id);
    }
    twin_.set_output(copies_[net::at(graph_.output())]);
    return std::move(twin_);
  }

 private:
  static constexpr net::NodeId kNone = -1;

  net::NodeId add_node(net::NodeId id) {
    if (const std::optional<LayerWeights> weights = weights_of(graph_, id)) return add_layer(id, *weights);
    if (std::holds_alternative<net::BatchNormalization>(graph_.node(id).op))
      return add_neutral_normalization(id);
    if (adds_bias(id)) return add_neutral_sum(id);
    return add_copy(id);
  }

  net::NodeId add_copy(net::NodeId id) {
    const net::Node& node = graph_.node(id);
    std::vector<net::NodeId> inputs;
    for (const net::NodeId input : node.inputs) inputs.push_back(copy_of(input));
    return twin_.add(node.name, node.op, inputs);
  }

  // Constants are copied when they are read: those that were weights are not.
  net::NodeId copy_of(net::NodeId id) {
    net::NodeId& copy = copies_[net::at(id)];
    if (copy == kNone) copy = add_copy(id);
    return copy;
  }

  // In the place of an input of a node, under its name if that is free: nothing else reads it.
  net::NodeId add_constant(net::NodeId node, std::size_t input, const std::string& role,
                           std::shared_ptr<const Tensor> value) {
    const std::vector<net::NodeId>& inputs = graph_.node(node).inputs;
    std::string name = graph_.node(node).name + "." + role;
    if (input < inputs.size() && consumers_[net::at(inputs[input])].size() == 1) {
      name = graph_.node(inputs[input]).name;
    } else {
      while (graph_.find(name) || twin_.find(name)) name += "'";
    }
    return twin_.add(name, net::Constant{std::move(value)}, {});
  }

  net::NodeId add_layer(net::NodeId id, const LayerWeights& weights) {
    control_.report({done_++, layers_, graph_.node(id).name});
    const net::Node& node = graph_.node(id);
    const net::NodeId x = copy_of(node.inputs[0]);
    net::Operator op = node.op;
    if (!std::holds_alternative<net::Conv>(op)) op = net::Gemm{.transpose_b = weights.unit_axis == 0};
    const auto values =
        std::make_shared<Tensor>(he_normal(weights, RandomStream(seed_, "twin/" + node.name)));
    const auto bias = std::make_shared<Tensor>(Shape{weights.units()});
    const Moments moments = moments_of(x, op, values, weights);
    for (std::int64_t i = 0; i < values->elements(); ++i) {
      const double deviation = moments.deviation[static_cast<std::size_t>(weights.unit_of(i))];
      (*values)[i] = static_cast<float>(static_cast<double>((*values)[i]) / deviation);
    }
    for (std::int64_t u = 0; u < weights.units(); ++u) {
      const auto unit = static_cast<std::size_t>(u);
      (*bias)[u] = static_cast<float>(-moments.mean[unit] / moments.deviation[unit]);
    }
    return twin_.add(node.name, op,
                     {x, add_constant(id, 1, "weight", values), add_constant(id, 2, "bias", bias)});
  }

  Moments moments_of(net::NodeId x, const net::Operator& op, const std::shared_ptr<const Tensor>& values,
                     const LayerWeights& weights) const {
    net::Graph graph = twin_;
    const net::NodeId w = graph.add("twin/weight", net::Constant{values}, {});
    const net::NodeId y = graph.add("twin/layer", op, {x, w});
    const int rank = graph.infer_shapes(1)[net::at(y)].rank();
    return measure(measuring(std::move(graph), y, rank), engine_, images_, weights.units(), control_);
  }

  net::NodeId add_neutral_normalization(net::NodeId id) {
    const net::Node& node = graph_.node(id);
    const std::int64_t channels = graph_.infer_shapes(1)[net::at(node.inputs[1])].elements();
    const auto filled = [&](float value) {
      const auto tensor = std::make_shared<Tensor>(Shape{channels});
      std::ranges::fill(tensor->values(), value);
      return tensor;
    };
    const float variance = 1.0F - std::get<net::BatchNormalization>(node.op).epsilon;
    return twin_.add(node.name, node.op,
                     {copy_of(node.inputs[0]), add_constant(id, 1, "scale", filled(1)),
                      add_constant(id, 2, "bias", filled(0)), add_constant(id, 3, "mean", filled(0)),
                      add_constant(id, 4, "variance", filled(variance))});
  }

  // A constant added to a layer's value, which nothing else reads: its bias.
  bool adds_bias(net::NodeId id) const {
    const net::Node& node = graph_.node(id);
    const auto* op = std::get_if<net::Binary>(&node.op);
    if (op == nullptr || op->kind != net::Binary::Kind::add || !graph_.is_variable(id)) return false;
    const bool first_is_constant = !graph_.is_variable(node.inputs[0]);
    if (first_is_constant == !graph_.is_variable(node.inputs[1])) return false;
    const net::NodeId value = node.inputs[first_is_constant ? 1 : 0];
    return weights_of(graph_, value).has_value() && consumers_[net::at(value)].size() == 1;
  }

  net::NodeId add_neutral_sum(net::NodeId id) {
    const net::Node& node = graph_.node(id);
    const std::size_t constant = graph_.is_variable(node.inputs[0]) ? 1 : 0;
    const Shape shape = graph_.infer_shapes(1)[net::at(node.inputs[constant])];
    std::vector<net::NodeId> inputs(2);
    inputs[1 - constant] = copy_of(node.inputs[1 - constant]);
    inputs[constant] = add_constant(id, constant, "bias", std::make_shared<Tensor>(shape));
    return twin_.add(node.name, node.op, inputs);
  }

  const net::Graph& graph_;
  std::vector<std::vector<net::NodeId>> consumers_;
  const engine::Engine& engine_;
  TensorView images_;
  std::uint64_t seed_;
  const RunControl& control_;
  net::Graph twin_;
  std::vector<net::NodeId> copies_;  // of each node of the graph
  std::int64_t layers_ = 0;
  std::int64_t done_ = 0;
};

}  // namespace

net::Graph make_twin(const net::Graph& graph, const engine::Engine& engine, TensorView images,
                     std::uint64_t seed, const RunControl& control) {
  require(images.shape().rank() == 4 && images.shape()[0] > 0, "make_twin: expected images [N,3,H,W]");
  return TwinMaker(graph, engine, images, seed, control).run();
}

}  // namespace faultline::study
