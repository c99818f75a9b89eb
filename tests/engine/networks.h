#pragma once

#include <string>
#include <vector>

#include "base/philox.h"
#include "engine/engine.h"
#include "net/graph.h"

namespace faultline::test {

// Normal numbers, reproducible by name.
inline Tensor random_tensor(const Shape& shape, const std::string& name) {
  const RandomStream stream(1, name);
  Tensor tensor(shape);
  for (std::int64_t i = 0; i < tensor.elements(); ++i)
    tensor[i] = static_cast<float>(stream.normal(static_cast<std::uint64_t>(i)));
  return tensor;
}

inline net::NodeId add_conv(net::Graph& graph, const std::string& name, net::NodeId input,
                            const Shape& weights, net::Conv op = {}) {
  const net::NodeId w = graph.add_constant(name + ".weight", random_tensor(weights, name));
  const net::NodeId b = graph.add_constant(name + ".bias", random_tensor(Shape{weights[0]}, name + ".bias"));
  return graph.add(name, op, {input, w, b});
}

inline net::NodeId add_dense(net::Graph& graph, const std::string& name, net::NodeId input,
                             std::int64_t inputs, std::int64_t outputs) {
  const net::NodeId w = graph.add_constant(name + ".weight", random_tensor(Shape{outputs, inputs}, name));
  const net::NodeId b = graph.add_constant(name + ".bias", random_tensor(Shape{outputs}, name + ".bias"));
  return graph.add(name, net::Gemm{.transpose_b = true}, {input, w, b});
}

// A small network with a branch and one of each kind of non-linearity: images [N,3,9,7] -> logits [N,5].
//   conv1 5 - relu1 - pool (2x2) -+- conv2 4 - sigmoid -+- concat 9 - relu2 - mean - flatten - fc
//                                 +---------------------+
inline net::Graph branched_network() {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 9, 7}}, {});
  const auto conv1 = add_conv(graph, "conv1", input, Shape{5, 3, 3, 3}, {.pads = {1, 1, 1, 1}});
  const auto relu1 = graph.add("relu1", net::Relu{}, {conv1});
  const auto pool = graph.add("pool", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {relu1});
  const auto conv2 = add_conv(graph, "conv2", pool, Shape{4, 5, 3, 3}, {.pads = {1, 1, 1, 1}});
  const auto sigmoid = graph.add("sigmoid", net::Sigmoid{}, {conv2});
  const auto concat = graph.add("concat", net::Concat{.axis = 1}, {pool, sigmoid});
  const auto bias = graph.add_constant("shift", Tensor(Shape{1, 1, 1}, {-0.5f}));
  const auto shifted = graph.add("shifted", net::Binary{net::Binary::Kind::add}, {concat, bias});
  const auto relu2 = graph.add("relu2", net::Relu{}, {shifted});
  const auto mean = graph.add("mean", net::GlobalAveragePool{}, {relu2});
  const auto flat = graph.add("flatten", net::Flatten{}, {mean});
  graph.set_output(add_dense(graph, "fc", flat, 9, 5));
  return graph;
}

// Every node whose value depends on the image.
inline std::vector<net::NodeId> variable_nodes(const net::Graph& graph) {
  std::vector<net::NodeId> nodes;
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    if (graph.is_variable(id)) nodes.push_back(id);
  }
  return nodes;
}

inline std::unique_ptr<engine::Plan> compile_all(const net::Graph& graph, const std::string& engine,
                                                 bool freezable = true,
                                                 const engine::EngineOptions& options = {}) {
  return engine::make_engine(engine, options)
      ->compile(graph, {.observed = variable_nodes(graph), .freezable = freezable});
}

}  // namespace faultline::test
