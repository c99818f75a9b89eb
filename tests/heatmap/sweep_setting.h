#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/networks.h"
#include "heatmap/score.h"
#include "heatmap/sweep.h"

namespace faultline::heatmap {

// images [N,3,6,5] -> conv1 + relu -> conv2 (signed values: a layer without activation) -> relu -> mean or
// all positions -> logits [N,4].
inline net::Graph sweep_network(bool pooled) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 6, 5}}, {});
  const auto conv1 = test::add_conv(graph, "conv1", input, Shape{5, 3, 3, 3}, {.pads = {1, 1, 1, 1}});
  const auto relu1 = graph.add("relu1", net::Relu{}, {conv1});
  const auto conv2 = test::add_conv(graph, "conv2", relu1, Shape{7, 5, 3, 3}, {.pads = {1, 1, 1, 1}});
  const auto relu2 = graph.add("relu2", net::Relu{}, {conv2});
  const auto mean = pooled ? graph.add("mean", net::GlobalAveragePool{}, {relu2}) : relu2;
  const auto flat = graph.add("flat", net::Flatten{}, {mean});
  graph.set_output(test::add_dense(graph, "fc", flat, pooled ? 7 : 7 * 30, 4));
  return graph;
}

struct LayerValues {
  DoubleTensor activation;  // [C,h,w]
  DoubleTensor gradient;    // [C,h,w]
};

// What one method makes of one layer and row, from the published formula.
using Formula = std::vector<double> (*)(const LayerValues& at);

inline std::int64_t positions(const LayerValues& at) {
  return at.activation.shape().elements(1, 3);
}

inline std::vector<double> weighted(const LayerValues& at, const std::vector<double>& weights) {
  std::vector<double> map(static_cast<std::size_t>(positions(at)), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i) {
    const auto channel = static_cast<std::size_t>(i / positions(at));
    map[static_cast<std::size_t>(i % positions(at))] += weights[channel] * at.activation[i];
  }
  for (double& value : map) value = std::max(value, 0.0);
  return map;
}

// That network with a pass of random images, for tests of heatmaps of the common backward sweep.
struct SweepSetting {
  net::Graph graph;
  std::unique_ptr<engine::Plan> plan;
  std::unique_ptr<engine::Pass> pass;
  std::vector<net::NodeId> layers;

  explicit SweepSetting(bool pooled, std::int64_t rows = 4) : graph(sweep_network(pooled)) {
    plan = test::compile_all(graph, "reference");
    pass = plan->forward(test::random_tensor(Shape{rows, 3, 6, 5}, "images"));
    layers = {*graph.find("relu1"), *graph.find("conv2"), *graph.find("relu2")};
  }

  engine::Seeds seeds() const { return class_score(pass->logits(), {.clean_class = 2, .other_class = 0}); }
  auto maps() const {
    return heatmaps_of_all_layers(*plan, *pass, layers, heatmap_methods(), score("class"),
                                  {.clean_class = 2, .other_class = 0});
  }

  // [layer][row]
  std::vector<std::vector<LayerValues>> values() const {
    std::vector<std::vector<LayerValues>> found(layers.size());
    plan->backward(*pass, seeds(), layers, [&](const engine::Observation& at) {
      const auto layer = std::ranges::find(layers, at.node()) - layers.begin();
      for (int row = 0; row < pass->rows(); ++row) {
        found[static_cast<std::size_t>(layer)].push_back({at.read(row), at.read_gradient(row)});
      }
    });
    return found;
  }
};

inline std::size_t index_of(std::string_view name) {
  return static_cast<std::size_t>(&heatmap_method(name) - heatmap_methods().data());
}

inline void expect_near(DoubleTensorView map, const std::vector<double>& expected, const std::string& what) {
  ASSERT_EQ(map.elements(), std::ssize(expected));
  const double largest = *std::ranges::max_element(expected);
  for (std::int64_t i = 0; i < map.elements(); ++i) {
    EXPECT_NEAR(map[i], expected[static_cast<std::size_t>(i)], 1e-12 * (1 + largest))
        << what << " cell " << i;
  }
}

// Expects of the method that its maps of every layer and row are the formula's.
inline void expect_published(std::string_view name, Formula formula) {
  const SweepSetting setting(false);
  const auto maps = setting.maps();
  const auto values = setting.values();
  const std::size_t method = index_of(name);
  for (std::size_t layer = 0; layer < maps.size(); ++layer) {
    ASSERT_EQ(maps[layer][method].shape(), (Shape{4, 6, 5}));
    for (std::size_t row = 0; row < 4; ++row) {
      expect_near(maps[layer][method].row(static_cast<std::int64_t>(row)), formula(values[layer][row]),
                  std::string(name) + " layer " + std::to_string(layer));
    }
  }
}

}  // namespace faultline::heatmap
