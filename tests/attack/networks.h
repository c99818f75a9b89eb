#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "attack/attack.h"
#include "base/philox.h"
#include "engine/engine.h"
#include "net/graph.h"

namespace faultline::attack::test {

inline Tensor random_tensor(const Shape& shape, const std::string& name, double scale) {
  const RandomStream stream(3, name);
  Tensor values(shape);
  for (std::int64_t i = 0; i < values.elements(); ++i) {
    values[i] = static_cast<float>(scale * stream.normal(static_cast<std::uint64_t>(i)));
  }
  return values;
}

// z = W x: weights [K, C H W] for images [C,H,W].
inline net::Graph linear_network(const Shape& sample_shape, Tensor weights) {
  net::Graph graph;
  const net::NodeId input = graph.add("input", net::Input{sample_shape}, {});
  const net::NodeId flat = graph.add("flat", net::Flatten{}, {input});
  const net::NodeId w = graph.add_constant("w", std::move(weights));
  graph.set_output(graph.add("logits", net::Gemm{.transpose_b = true}, {flat, w}));
  return graph;
}

// Two convolutions with normalisation and pooling, random weights: [3,8,8] -> 5 classes.
inline net::Graph small_network() {
  net::Graph graph;
  const net::NodeId input = graph.add("input", net::Input{{3, 8, 8}}, {});
  const net::NodeId pixels = graph.add(
      "normalized", net::Normalize{.mean = {0.48F, 0.45F, 0.4F}, .std = {0.2F, 0.22F, 0.25F}}, {input});
  const net::NodeId w1 = graph.add_constant("w1", random_tensor({6, 3, 3, 3}, "w1", std::sqrt(2.0 / 27)));
  const net::NodeId conv1 = graph.add("conv1", net::Conv{.pads = {1, 1, 1, 1}}, {pixels, w1});
  const net::NodeId relu1 = graph.add("relu1", net::Relu{}, {conv1});
  const net::NodeId pool = graph.add("pool", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {relu1});
  const net::NodeId w2 = graph.add_constant("w2", random_tensor({8, 6, 3, 3}, "w2", std::sqrt(2.0 / 54)));
  const net::NodeId conv2 = graph.add("conv2", net::Conv{.pads = {1, 1, 1, 1}}, {pool, w2});
  const net::NodeId relu2 = graph.add("relu2", net::Relu{}, {conv2});
  const net::NodeId flat = graph.add("flat", net::Flatten{}, {relu2});
  const net::NodeId w3 = graph.add_constant("w3", random_tensor({5, 128}, "w3", 0.3));
  graph.set_output(graph.add("logits", net::Gemm{.transpose_b = true}, {flat, w3}));
  return graph;
}

inline std::unique_ptr<engine::Plan> compile(const net::Graph& graph) {
  return engine::make_engine("reference")->compile(graph, {});
}

// Images on the 8-bit grid, with some values at 0 and 1, and a key for each.
struct Images {
  Tensor pixels;
  std::vector<std::string> keys;

  explicit Images(const Shape& shape) : pixels(shape) {
    const RandomStream stream(4, "images");
    for (std::int64_t i = 0; i < pixels.elements(); ++i) {
      const std::uint64_t k = stream.below(static_cast<std::uint64_t>(i), 300);
      pixels[i] = static_cast<float>(std::min<std::uint64_t>(k < 40 ? 0 : k - 40, 255)) / 255.0F;
    }
    for (std::int64_t i = 0; i < shape[0]; ++i) keys.push_back("image" + std::to_string(i));
  }
  AttackInput input(std::span<const int> targets = {}) const {
    return {.images = pixels, .targets = targets, .keys = keys, .seed = 1};
  }
  // The same images in the opposite order.
  Images reversed() const {
    Images result = *this;
    std::ranges::reverse(result.keys);
    const std::int64_t n = pixels.shape()[0];
    for (std::int64_t i = 0; i < n; ++i) copy_values(pixels.row(n - 1 - i), result.pixels.row(i));
    return result;
  }
};

}  // namespace faultline::attack::test
