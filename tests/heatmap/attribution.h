#pragma once

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <string_view>

#include "engine/networks.h"
#include "heatmap/methods.h"

namespace faultline::heatmap {

// What tests of attributions at the input share: a network with a branch, an image, a method's answer.
struct NetworkOptions {
  bool biases = true;
  std::array<float, 3> mean = {0.5F, 0.25F, 0.75F};
};

inline net::NodeId conv(net::Graph& graph, const std::string& name, net::NodeId input, const Shape& weights,
                        bool bias) {
  const net::Conv op{.pads = {1, 1, 1, 1}};
  if (bias) return test::add_conv(graph, name, input, weights, op);
  return graph.add(name, op,
                   {input, graph.add_constant(name + ".weight", test::random_tensor(weights, name))});
}

// images [N,3,6,8] -> logits <w_k, x>, weights [144,K]
inline net::Graph linear(const Tensor& weights) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 6, 8}}, {});
  const auto flat = graph.add("flat", net::Flatten{}, {input});
  graph.set_output(graph.add("fc", net::MatMul{}, {flat, graph.add_constant("w", weights)}));
  return graph;
}

// images [N,3,6,8] -> normalised -> conv1 - relu1 - pool -+- conv2 - (+) - relu2 - mean and all positions -
// fc
//                                                         +-----------+
inline net::Graph network(const NetworkOptions& options = {}) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 6, 8}}, {});
  const auto conv1 = conv(graph, "conv1", input, Shape{4, 3, 3, 3}, options.biases);
  const auto relu1 = graph.add("relu1", net::Relu{}, {conv1});
  const auto pool = graph.add("pool", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {relu1});
  const auto conv2 = conv(graph, "conv2", pool, Shape{4, 4, 3, 3}, options.biases);
  const auto sum = graph.add("sum", net::Binary{net::Binary::Kind::add}, {conv2, pool});
  const auto relu2 = graph.add("relu2", net::Relu{}, {sum});
  const auto flat = graph.add("flat", net::Flatten{}, {relu2});
  const auto weights = graph.add_constant("w", test::random_tensor(Shape{48, 5}, "fc"));
  graph.set_output(graph.add("fc", net::MatMul{}, {flat, weights}));
  return net::with_preprocessing(graph, {.mean = options.mean, .std = {0.25F, 0.5F, 0.125F}});
}

inline Tensor image(const std::string& name = "image") {
  Tensor picture = test::random_tensor(Shape{1, 3, 6, 8}, name);
  for (float& value : picture.values()) value = 0.5F + 0.2F * value;
  return picture;
}

inline const InputMethod& method(std::string_view name) {
  return *std::ranges::find(input_methods(), name, &InputMethod::name);
}

// One method's attribution of the image of class 1.
struct Explained {
  Tensor picture = image();
  MethodOptions options = {};
  std::string key = "key";
  std::uint64_t seed = 0;
  int max_batch = 16;
  Score score = heatmap::score("class");

  DoubleTensor by(std::string_view name, const net::Graph& graph,
                  const std::string& engine = "reference") const {
    const auto made = engine::make_engine(engine, {.precision = engine::Precision::f32});
    const auto plan = compile_for(method(name), *made, graph);
    return method(name).attribute(*plan,
                                  {.image = picture,
                                   .key = key,
                                   .score = score,
                                   .classes = {.clean_class = 1, .other_class = 3},
                                   .seed = seed,
                                   .max_batch = max_batch},
                                  options);
  }
};

inline double sum(const DoubleTensor& values) {
  return std::accumulate(values.values().begin(), values.values().end(), 0.0);
}

inline double logit(const net::Graph& graph, const Tensor& picture) {
  return test::compile_all(graph, "reference")->forward(picture)->logits()[1];
}

}  // namespace faultline::heatmap
