#include <gtest/gtest.h>

#include <cmath>

#include "heatmap/attribution.h"
#include "heatmap/full_gradient.h"

namespace faultline::heatmap {
namespace {

// With a normalisation whose mean is not zero, batch normalisation and constants that are added.
TEST(FullGradient, IsComplete) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 6, 8}}, {});
  const auto conv1 = test::add_conv(graph, "conv1", input, Shape{4, 3, 3, 3}, {.pads = {1, 1, 1, 1}});
  const auto c = [&](const std::string& name) {
    return graph.add_constant(name, test::random_tensor(Shape{4}, name));
  };
  const auto variance = graph.add_constant("variance", Tensor(Shape{4}, {1, 0.5F, 2, 0.25F}));
  const auto normal =
      graph.add("bn", net::BatchNormalization{}, {conv1, c("scale"), c("bias"), c("mean"), variance});
  const auto relu = graph.add("relu", net::Relu{}, {normal});
  const auto shift = graph.add_constant("shift", Tensor(Shape{1, 1, 1}, {0.75F}));
  const auto shifted = graph.add("shifted", net::Binary{net::Binary::Kind::sub}, {relu, shift});
  const auto leaky = graph.add("leaky", net::LeakyRelu{}, {shifted});
  const auto pool = graph.add("pool", net::AveragePool{.kernel = {2, 2}, .strides = {2, 2}}, {leaky});
  const auto flat = graph.add("flat", net::Flatten{}, {pool});
  graph.set_output(test::add_dense(graph, "fc", flat, 48, 5));
  const net::Graph whole =
      net::with_preprocessing(graph, {.mean = {0.5F, 0.25F, 0.75F}, .std = {0.25F, 1, 2}});
  EXPECT_EQ(bias_nodes(whole).size(), 5U);  // normalisation, conv1, bn, shifted, fc
  for (const std::string engine : {"reference", "onednn"}) {
    const auto plan = engine::make_engine(engine, {.precision = engine::Precision::f32})
                          ->compile(whole, {.observed = bias_nodes(whole)});
    const Tensor picture = image();
    const FullGradient found =
        full_gradient(*plan, {.image = picture, .classes = {.clean_class = 1, .other_class = 0}});
    ASSERT_EQ(found.biases.size(), 5U);
    EXPECT_NEAR(found.total(), found.score, (engine == "reference" ? 1e-12 : 1e-4) * std::abs(found.score));
    EXPECT_GT(std::abs(sum(found.input) - found.score), 0.01);  // the biases matter
  }
}

}  // namespace
}  // namespace faultline::heatmap
