#include <gtest/gtest.h>

#include <cmath>

#include "heatmap/sweep_setting.h"

namespace faultline::heatmap {
namespace {

std::vector<double> plain_layer_cam(const LayerValues& at) {
  std::vector<double> map(static_cast<std::size_t>(positions(at)), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i) {
    map[static_cast<std::size_t>(i % positions(at))] += std::max(at.gradient[i], 0.0) * at.activation[i];
  }
  for (double& value : map) value = std::max(value, 0.0);
  return map;
}

TEST(LayerCam, IsThePublishedFormula) {
  expect_published("layercam", plain_layer_cam);
}

// With all weights that follow positive, gradients are.
TEST(LayerCam, IsHiResCamWhereGradientsAreNotNegative) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 4, 4}}, {});
  const auto conv = test::add_conv(graph, "conv", input, Shape{5, 3, 3, 3}, {.pads = {1, 1, 1, 1}});
  const auto relu = graph.add("relu", net::Relu{}, {conv});
  const auto flat = graph.add("flat", net::Flatten{}, {relu});
  Tensor weights = test::random_tensor(Shape{80, 2}, "weights");
  for (float& weight : weights.values()) weight = std::abs(weight);
  graph.set_output(graph.add("fc", net::MatMul{}, {flat, graph.add_constant("w", weights)}));
  const auto plan = test::compile_all(graph, "reference");
  const auto pass = plan->forward(test::random_tensor(Shape{2, 3, 4, 4}, "images"));
  const std::vector<net::NodeId> layers = {relu, conv};
  const auto maps = heatmaps_of_all_layers(*plan, *pass, layers, standard_heatmap_methods(),
                                           class_score(pass->logits(), {}));
  for (const auto& layer : maps) {
    for (std::int64_t i = 0; i < layer[0].elements(); ++i) EXPECT_EQ(layer[0][i], layer[1][i]);
  }
}

}  // namespace
}  // namespace faultline::heatmap
