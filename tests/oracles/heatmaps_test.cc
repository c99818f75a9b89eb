#include <gtest/gtest.h>

#include "engine/engine.h"
#include "heatmap/score.h"
#include "heatmap/sweep.h"
#include "oracles/stored.h"
#include "oracles/worst_errors.h"

namespace faultline::oracles {
namespace {

Tensor to_float(DoubleTensorView values) {
  Tensor result(values.shape());
  for (std::int64_t i = 0; i < values.elements(); ++i) result[i] = static_cast<float>(values[i]);
  return result;
}

Tensor identity(std::int64_t channels) {
  Tensor weights(Shape{channels, channels, 1, 1});
  for (std::int64_t c = 0; c < channels; ++c) weights[c * channels + c] = 1;
  return weights;
}

// image [C,h,w] -> layer: a convolution that changes nothing -> one logit <gradient, image>.
net::Graph network(DoubleTensorView gradient) {
  const Shape& shape = gradient.shape();
  net::Graph graph;
  const auto input = graph.add("image", net::Input{shape}, {});
  const auto weights = graph.add_constant("weights", identity(shape[0]));
  const auto layer = graph.add("layer", net::Conv{}, {input, weights});
  const auto flat = graph.add("flat", net::Flatten{}, {layer});
  Tensor slopes = to_float(gradient);
  slopes.reshape(Shape{gradient.elements(), 1});
  graph.set_output(
      graph.add("logit", net::MatMul{}, {flat, graph.add_constant("slopes", std::move(slopes))}));
  return graph;
}

// The maps [method][1,h,w] of the activation and gradient [2,C,h,w].
std::vector<DoubleTensor> maps_of(DoubleTensorView activation_gradient, const std::string& engine) {
  const net::Graph graph = network(activation_gradient.row(1));
  const std::vector<net::NodeId> layers = {*graph.find("layer")};
  const auto plan = engine::make_engine(engine, {.precision = engine::Precision::f32})
                        ->compile(graph, {.observed = layers});
  const auto pass = plan->forward(to_float(activation_gradient.rows(0, 1)));
  return heatmap::heatmaps_of_all_layers(*plan, *pass, layers, heatmap::standard_heatmap_methods(),
                                         heatmap::class_score(pass->logits(), {}))[0];
}

void expect_stored(const std::string& engine, double tolerance) {
  const HeatmapCases stored = heatmap_cases();
  ASSERT_EQ(stored.cases.size(), 11U);
  ASSERT_EQ(stored.methods.size(), heatmap::standard_heatmap_methods().size());
  WorstErrors errors;
  for (const StoredHeatmaps& of : stored.cases) {
    const auto maps = maps_of(of.activation_gradient, engine);
    for (std::size_t i = 0; i < stored.methods.size(); ++i) {
      ASSERT_EQ(heatmap::heatmap_methods()[i].name, stored.methods[i]);
      const DoubleTensorView expected = of.expected.row(static_cast<std::int64_t>(i));
      ASSERT_EQ(maps[i].shape(), (Shape{1, expected.shape()[0], expected.shape()[1]}));
      errors.check(stored.methods[i], of.name, relative_l2(maps[i], expected), tolerance);
    }
  }
  errors.print("heatmaps on " + engine + ", largest relative L2");
}

TEST(StoredHeatmaps, OnTheReferenceEngine) {
  expect_stored("reference", 1e-12);
}

// Reductions of float values, in float or double.
TEST(StoredHeatmaps, OnOneDnn) {
  expect_stored("onednn", 1e-5);
}

}  // namespace
}  // namespace faultline::oracles
