#include <gmock/gmock.h>

#include <cmath>

#include "heatmap/attribution.h"

namespace faultline::heatmap {
namespace {

// Upper bounds of what a ReLU network without negative gradients hands on are never cut.
TEST(GuidedBackprop, IsTheGradientWhereGradientsAreNotNegative) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 6, 8}}, {});
  const auto layer = test::add_conv(graph, "conv", input, Shape{4, 3, 3, 3}, {});
  const auto relu = graph.add("relu", net::Relu{}, {layer});
  const auto flat = graph.add("flat", net::Flatten{}, {relu});
  Tensor weights = test::random_tensor(Shape{96, 5}, "fc");
  for (float& weight : weights.values()) weight = std::abs(weight);
  graph.set_output(graph.add("fc", net::MatMul{}, {flat, graph.add_constant("w", weights)}));
  const Explained explained;
  EXPECT_THAT(explained.by("guided-backprop", graph).values(),
              ::testing::ElementsAreArray(explained.by("gradient", graph).values()));
  EXPECT_THAT(explained.by("guided-backprop", network()).values(),
              ::testing::Not(::testing::ElementsAreArray(explained.by("gradient", network()).values())));
}

}  // namespace
}  // namespace faultline::heatmap
