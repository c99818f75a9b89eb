#pragma once

#include <cmath>
#include <string>

#include "base/philox.h"
#include "net/points.h"

namespace faultline::causal::test {

inline Tensor normal(const Shape& shape, const std::string& name, double scale) {
  const RandomStream stream(11, name);
  Tensor values(shape);
  for (std::int64_t i = 0; i < values.elements(); ++i)
    values[i] = static_cast<float>(scale * stream.normal(static_cast<std::uint64_t>(i)));
  return values;
}

inline net::NodeId conv(net::Graph& graph, const std::string& name, net::NodeId input, std::int64_t from,
                        std::int64_t to) {
  const net::NodeId w = graph.add_constant(
      name + ".w", normal({to, from, 3, 3}, name, std::sqrt(2.0 / static_cast<double>(9 * from))));
  const net::NodeId b = graph.add_constant(name + ".b", normal(Shape{to}, name + ".b", 0.1));
  return graph.add(name, net::Conv{.pads = {1, 1, 1, 1}}, {input, w, b});
}

inline net::NodeId dense(net::Graph& graph, const std::string& name, net::NodeId input, std::int64_t from,
                         std::int64_t to) {
  const net::NodeId w =
      graph.add_constant(name + ".w", normal({to, from}, name, std::sqrt(2.0 / static_cast<double>(from))));
  return graph.add(name, net::Gemm{.transpose_b = true}, {input, w});
}

// Three blocks of convolutions and poolings and a head, [3,16,16] -> 4 classes. With `around`, the first
// block's end is also read by the third block's.
inline net::Graph chain(bool around = false) {
  net::Graph graph;
  net::NodeId x = graph.add("image", net::Input{{3, 16, 16}}, {});
  std::int64_t channels = 3;
  net::NodeId skipped = -1;
  for (int block = 1; block <= 3; ++block) {
    const std::string b = std::to_string(block);
    for (const char* const layer : {"a", "b"}) {
      x = conv(graph, "conv" + b + layer, x, channels, 6);
      channels = 6;
      if (around && block == 3 && layer[0] == 'b') {
        const net::NodeId small =
            graph.add("small", net::AveragePool{.kernel = {2, 2}, .strides = {2, 2}}, {skipped});
        x = graph.add("sum", net::Binary{net::Binary::Kind::add}, {x, small});
      }
      x = graph.add("relu" + b + layer, net::Relu{}, {x});
    }
    x = graph.add("pool" + b, net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {x});
    if (block == 1) skipped = x;
  }
  x = graph.add("flat", net::Flatten{}, {x});
  x = dense(graph, "fc1", x, 6 * 2 * 2, 12);
  x = graph.add("relu_fc", net::Relu{}, {x});
  graph.set_output(dense(graph, "fc2", x, 12, 4));
  return graph;
}

}  // namespace faultline::causal::test
