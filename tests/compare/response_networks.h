#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "compare/responses.h"
#include "engine/networks.h"

// Small networks and a batch that comparisons are tested on.
namespace faultline::compare {

inline constexpr net::Normalize kNormalize{
    .scale = 1, .mean = {0.4f, 0.5f, 0.6f}, .std = {0.2f, 0.3f, 0.25f}};

inline net::NodeId add_layer(net::Graph& graph, const std::string& name, net::NodeId input, std::int64_t in,
                             std::int64_t out, std::int64_t kernel = 3) {
  const std::int64_t pad = kernel / 2;
  const net::NodeId conv =
      test::add_conv(graph, name, input, Shape{out, in, kernel, kernel}, {.pads = {pad, pad, pad, pad}});
  return graph.add(name + ".relu", net::Relu{}, {conv});
}

// A chain: two layers, pooling, a layer, pooling, two dense layers -> 7 classes.
inline net::Graph chain() {
  net::Graph graph;
  const net::NodeId image = graph.add("image", net::Input{Shape{3, 12, 10}}, {});
  const net::NodeId a = add_layer(graph, "a", image, 3, 4);
  const net::NodeId b = add_layer(graph, "b", a, 4, 5);
  const net::NodeId pool1 = graph.add("pool1", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {b});
  const net::NodeId c = add_layer(graph, "c", pool1, 5, 6);
  const net::NodeId pool2 = graph.add("pool2", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {c});
  const net::NodeId flat = graph.add("flat", net::Flatten{}, {pool2});
  const net::NodeId fc1 =
      graph.add("fc1.relu", net::Relu{}, {test::add_dense(graph, "fc1", flat, 6 * 3 * 2, 8)});
  graph.set_output(test::add_dense(graph, "fc2", fc1, 8, 7));
  return net::with_preprocessing(graph, kNormalize);
}

// Branches of every kind: two expanding layers side by side; a residual block whose sum is rectified; a
// pooling beside a layer; a gate, x sigmoid(x).
inline net::Graph branched() {
  net::Graph graph;
  const net::NodeId image = graph.add("image", net::Input{Shape{3, 12, 10}}, {});
  const net::NodeId squeeze = add_layer(graph, "squeeze", image, 3, 4);
  const net::NodeId left = add_layer(graph, "left", squeeze, 4, 3, 1);
  const net::NodeId right = add_layer(graph, "right", squeeze, 4, 3);
  const net::NodeId expanded = graph.add("expanded", net::Concat{.axis = 1}, {left, right});
  const net::NodeId inner = add_layer(graph, "inner", expanded, 6, 5);
  const net::NodeId last = test::add_conv(graph, "last", inner, Shape{6, 5, 3, 3}, {.pads = {1, 1, 1, 1}});
  const net::NodeId sum = graph.add("sum", net::Binary{net::Binary::Kind::add}, {expanded, last});
  const net::NodeId residual = graph.add("residual", net::Relu{}, {sum});
  const net::NodeId beside = test::add_conv(graph, "beside", residual, Shape{4, 6, 1, 1});
  const net::NodeId pool =
      graph.add("pool", net::MaxPool{.kernel = {3, 3}, .strides = {1, 1}, .pads = {1, 1, 1, 1}}, {residual});
  const net::NodeId mixed = graph.add("mixed", net::Concat{.axis = 1}, {beside, pool});
  const net::NodeId half = graph.add("half", net::Binary{net::Binary::Kind::mul},
                                     {mixed, graph.add_constant("scale", Tensor(Shape{1}, {0.05f}))});
  const net::NodeId gate = graph.add("gate", net::Sigmoid{}, {half});
  const net::NodeId gated = graph.add("gated", net::Binary{net::Binary::Kind::mul}, {half, gate});
  const net::NodeId mean = graph.add("mean", net::GlobalAveragePool{}, {gated});
  const net::NodeId flat = graph.add("flat", net::Flatten{}, {mean});
  graph.set_output(test::add_dense(graph, "fc", flat, 10, 7));
  return net::with_preprocessing(graph, kNormalize);
}

inline const std::vector<Role>& roles() {
  static const std::vector<Role> kRoles = {Role::clean,    Role::adversarial, Role::gaussian, Role::gaussian,
                                           Role::gaussian, Role::harmless,    Role::harmless, Role::other};
  return kRoles;
}

// A row each, as `roles`: x, x + noise of several sizes, another image entirely (the second harmless one), x
// again.
inline Tensor images() {
  const RandomStream stream(3, "responses");
  Tensor batch(Shape{8, 3, 12, 10});
  const std::vector<double> sizes = {0, 0.1, 0.02, 0.02, 0.02, 0.005, 3, 0};
  const std::int64_t pixels = batch.elements() / 8;
  for (std::int64_t i = 0; i < batch.elements(); ++i) {
    const double clean = stream.uniform(static_cast<std::uint64_t>(i % pixels));
    const double noise =
        sizes[static_cast<std::size_t>(i / pixels)] * stream.normal(static_cast<std::uint64_t>(i));
    batch[i] = static_cast<float>(std::clamp(clean + noise, 0.0, 1.0));
  }
  return batch;
}

// A network and how it responds to `images`.
struct Compared {
  net::Graph graph;
  net::NetworkMap map;
  std::unique_ptr<engine::Plan> plan;
  ResponseComparison result;

  explicit Compared(net::Graph network, const CompareOptions& options = {},
                    const std::string& engine = "reference")
      : graph(std::move(network)), map(net::map_network(graph)) {
    plan = engine::make_engine(engine)->compile(graph, {.observed = observed_nodes(graph, map)});
    result = compare_responses(*plan, images(), roles(), map, options);
  }
};

// The tests of either network.
class ResponsesOfEither : public ::testing::TestWithParam<const char*> {
 protected:
  static net::Graph network() { return GetParam() == std::string("chain") ? chain() : branched(); }
  static const Compared& shared() {
    static const Compared kChain(chain());
    static const Compared kBranched(branched());
    return GetParam() == std::string("chain") ? kChain : kBranched;
  }
  const Compared& compared = shared();
  const ResponseComparison& result = compared.result;
};

inline std::string name_of_case(const testing::TestParamInfo<const char*>& info) {
  return info.param;
}

}  // namespace faultline::compare
