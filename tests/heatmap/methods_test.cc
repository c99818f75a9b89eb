#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/networks.h"
#include "expect_error.h"
#include "heatmap/rectified.h"
#include "heatmap/score.h"
#include "heatmap/sweep.h"

namespace faultline::heatmap {
namespace {

// images [N,3,6,5] -> conv1 + relu -> conv2 (signed values: a layer without activation) -> relu -> mean or
// all positions -> logits [N,4].
net::Graph network(bool pooled) {
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

std::int64_t positions(const LayerValues& at) {
  return at.activation.shape().elements(1, 3);
}

std::vector<double> weighted(const LayerValues& at, const std::vector<double>& weights) {
  std::vector<double> map(static_cast<std::size_t>(positions(at)), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i) {
    const auto channel = static_cast<std::size_t>(i / positions(at));
    map[static_cast<std::size_t>(i % positions(at))] += weights[channel] * at.activation[i];
  }
  for (double& value : map) value = std::max(value, 0.0);
  return map;
}

std::vector<double> plain_layer_cam(const LayerValues& at) {
  std::vector<double> map(static_cast<std::size_t>(positions(at)), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i) {
    map[static_cast<std::size_t>(i % positions(at))] += std::max(at.gradient[i], 0.0) * at.activation[i];
  }
  for (double& value : map) value = std::max(value, 0.0);
  return map;
}

std::vector<double> plain_hires_cam(const LayerValues& at) {
  std::vector<double> map(static_cast<std::size_t>(positions(at)), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i) {
    map[static_cast<std::size_t>(i % positions(at))] += at.gradient[i] * at.activation[i];
  }
  for (double& value : map) value = std::max(value, 0.0);
  return map;
}

std::vector<double> plain_grad_cam(const LayerValues& at) {
  std::vector<double> weights(static_cast<std::size_t>(at.activation.shape()[0]), 0.0);
  for (std::int64_t i = 0; i < at.gradient.elements(); ++i) {
    weights[static_cast<std::size_t>(i / positions(at))] +=
        at.gradient[i] / static_cast<double>(positions(at));
  }
  return weighted(at, weights);
}

// As published, for the class score exp(s): alpha = g^2 / (2 g^2 + g^3 sum A), w = sum alpha relu(g).
std::vector<double> plain_grad_cam_plus_plus(const LayerValues& at) {
  std::vector<double> sums(static_cast<std::size_t>(at.activation.shape()[0]), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i) {
    sums[static_cast<std::size_t>(i / positions(at))] += at.activation[i];
  }
  std::vector<double> weights(sums.size(), 0.0);
  for (std::int64_t i = 0; i < at.gradient.elements(); ++i) {
    const auto channel = static_cast<std::size_t>(i / positions(at));
    const double g = at.gradient[i];
    if (g > 0) weights[channel] += g * g / (2 * g * g + g * g * g * sums[channel]) * g;
  }
  return weighted(at, weights);
}

std::vector<double> plain_xgrad_cam(const LayerValues& at) {
  std::vector<double> products(static_cast<std::size_t>(at.activation.shape()[0]), 0.0);
  std::vector<double> sums(products.size(), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i) {
    const auto channel = static_cast<std::size_t>(i / positions(at));
    products[channel] += at.gradient[i] * at.activation[i];
    sums[channel] += at.activation[i];
  }
  for (std::size_t k = 0; k < sums.size(); ++k) products[k] /= sums[k] + 1e-7;
  return weighted(at, products);
}

// As published, with E = 1: alpha = g^2 / (2 g^2 + g^3 sum A), divided by its sum.
std::vector<double> plain_noise_cam(const LayerValues& at) {
  std::vector<double> sums(static_cast<std::size_t>(at.activation.shape()[0]), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i)
    sums[static_cast<std::size_t>(i / positions(at))] += at.activation[i];
  std::vector<double> alphas(sums.size(), 0.0);
  std::vector<double> weights(sums.size(), 0.0);
  for (std::int64_t i = 0; i < at.gradient.elements(); ++i) {
    const auto channel = static_cast<std::size_t>(i / positions(at));
    const double g = at.gradient[i];
    if (g == 0) continue;
    const double alpha = g * g / (2 * g * g + g * g * g * sums[channel]);
    alphas[channel] += alpha;
    weights[channel] += alpha * std::max(g, 0.0);
  }
  std::vector<double> map(static_cast<std::size_t>(positions(at)), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i) {
    const auto channel = static_cast<std::size_t>(i / positions(at));
    const double weight = alphas[channel] == 0 ? 0 : weights[channel] / alphas[channel];
    map[static_cast<std::size_t>(i % positions(at))] +=
        (weight - std::max(at.gradient[i], 0.0)) * at.activation[i];
  }
  for (double& value : map) value = std::max(value, 0.0);
  return map;
}

struct Setting {
  net::Graph graph;
  std::unique_ptr<engine::Plan> plan;
  std::unique_ptr<engine::Pass> pass;
  std::vector<net::NodeId> layers;

  explicit Setting(bool pooled, std::int64_t rows = 4) : graph(network(pooled)) {
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

std::size_t index_of(std::string_view name) {
  return static_cast<std::size_t>(&heatmap_method(name) - heatmap_methods().data());
}

void expect_near(DoubleTensorView map, const std::vector<double>& expected, const std::string& what) {
  ASSERT_EQ(map.elements(), std::ssize(expected));
  const double largest = *std::ranges::max_element(expected);
  for (std::int64_t i = 0; i < map.elements(); ++i) {
    EXPECT_NEAR(map[i], expected[static_cast<std::size_t>(i)], 1e-12 * (1 + largest))
        << what << " cell " << i;
  }
}

TEST(Heatmaps, AreThePublishedFormulas) {
  const Setting setting(false);
  const auto maps = setting.maps();
  const auto values = setting.values();
  const std::vector<std::pair<std::string_view, Formula>> formulas = {
      {"layercam", plain_layer_cam}, {"hirescam", plain_hires_cam},
      {"gradcam", plain_grad_cam},   {"gradcam++", plain_grad_cam_plus_plus},
      {"xgradcam", plain_xgrad_cam}, {"noisecam-scale-free", plain_noise_cam}};
  for (std::size_t layer = 0; layer < maps.size(); ++layer) {
    for (const auto& [name, formula] : formulas) {
      const std::size_t method = index_of(name);
      ASSERT_EQ(maps[layer][method].shape(), (Shape{4, 6, 5}));
      for (std::size_t row = 0; row < 4; ++row) {
        expect_near(maps[layer][method].row(static_cast<std::int64_t>(row)), formula(values[layer][row]),
                    std::string(name) + " layer " + std::to_string(layer));
      }
    }
  }
}

TEST(Heatmaps, SomethingIsSeenByEveryMethod) {
  const Setting setting(false);
  for (const auto& layer : setting.maps()) {
    for (std::size_t method = 0; method < layer.size(); ++method) {
      if (!heatmap_methods()[method].needs_gradients_only()) continue;  // their scores saturate here
      EXPECT_FALSE(is_blank(layer[method].row(0))) << heatmap_methods()[method].name;
    }
  }
}

TEST(Heatmaps, OfSeveralMethodsAreThoseOfEachAlone) {
  const Setting setting(false);
  const auto together = setting.maps();
  setting.plan->backward(*setting.pass, setting.seeds(), setting.layers, [&](const engine::Observation& at) {
    const auto layer =
        static_cast<std::size_t>(std::ranges::find(setting.layers, at.node()) - setting.layers.begin());
    for (std::size_t method = 0; method < heatmap_methods().size(); ++method) {
      if (!heatmap_methods()[method].needs_gradients_only()) continue;
      EXPECT_THAT(heatmap_methods()[method].map(at).values(),
                  ::testing::ElementsAreArray(together[layer][method].values()));
    }
  });
}

// The gradient before a mean over positions is the same at every position, where the relu is open.
TEST(Heatmaps, GradCamIsHiResCamWhereTheGradientIsConstant) {
  const Setting setting(true);
  const auto maps = setting.maps().back();  // relu2, whose value the mean reads
  for (std::int64_t i = 0; i < maps[1].elements(); ++i) EXPECT_NEAR(maps[2][i], maps[1][i], 1e-13);
}

// With all weights that follow positive, gradients are.
TEST(Heatmaps, LayerCamIsHiResCamWhereGradientsAreNotNegative) {
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

TEST(Heatmaps, OfARowDependOnNoOtherRow) {
  const Setting together(false, 4);
  const auto maps = together.maps();
  const Setting alone(false, 1);  // the first of the same random images
  const auto first = alone.maps();
  for (std::size_t layer = 0; layer < maps.size(); ++layer) {
    for (std::size_t method = 0; method < maps[layer].size(); ++method) {
      for (std::int64_t i = 0; i < 30; ++i) EXPECT_EQ(maps[layer][method][i], first[layer][method][i]);
    }
  }
}

TEST(Heatmaps, NeedOneSeedForEachRowInOrder) {
  const Setting setting(false, 2);
  engine::Seeds seeds = setting.seeds();
  seeds.rows = {1, 0};
  EXPECT_THROW(
      heatmaps_of_all_layers(*setting.plan, *setting.pass, setting.layers, standard_heatmap_methods(), seeds),
      ContractError);
  seeds.rows = {0, 1};
  EXPECT_NO_THROW(heatmaps_of_all_layers(*setting.plan, *setting.pass, setting.layers,
                                         standard_heatmap_methods(), seeds));
  const engine::Seeds fewer{.logit_gradients = DoubleTensor(Shape{1, 4}, {1, 0, 0, 0}), .rows = {1}};
  EXPECT_THROW(
      heatmaps_of_all_layers(*setting.plan, *setting.pass, setting.layers, standard_heatmap_methods(), fewer),
      ContractError);
  const std::vector<net::NodeId> twice = {setting.layers[0], setting.layers[0]};
  EXPECT_THROW(heatmaps_of_all_layers(*setting.plan, *setting.pass, twice, standard_heatmap_methods(),
                                      setting.seeds()),
               ContractError);
  EXPECT_THROW(heatmap_methods().front().map(setting.pass->observe(setting.layers[0])), ContractError);
  EXPECT_THROW(heatmaps_of_all_layers(*setting.plan, *setting.pass, setting.layers, heatmap_methods(),
                                      setting.seeds()),
               ContractError);  // NoiseCAM needs the score's value too
}

TEST(Heatmaps, AreBlankWhereAllCellsAreZero) {
  EXPECT_TRUE(is_blank(DoubleTensor(Shape{2, 2})));
  EXPECT_FALSE(is_blank(DoubleTensor(Shape{2, 2}, {0, 0, 0, 1e-300})));
  EXPECT_THAT(rectified(DoubleTensor(Shape{3}, {-1, 0, 2})).values(), ::testing::ElementsAre(0, 0, 2));
  EXPECT_TRUE(std::isnan(rectified(DoubleTensor(Shape{1}, {std::nan("")}))[0]));
}

// E multiplies the weights alone: of a score of 0 it is 1.
TEST(Heatmaps, NoiseCamIsScaleFreeWhereTheScoreIsZero) {
  const Setting setting(false);
  const auto sweep = [&](const Score& of) {
    const std::vector<HeatmapMethod> methods = {heatmap_method("noisecam-logit"),
                                                heatmap_method("noisecam-scale-free")};
    return heatmaps_of_all_layers(*setting.plan, *setting.pass, setting.layers, methods, of, {});
  };
  Score zero = score("class");
  zero.values = [](const DoubleTensor& logits, const ClassPair&) {
    return std::vector<double>(static_cast<std::size_t>(logits.shape()[0]), 0.0);
  };
  for (const auto& layer : sweep(zero))
    EXPECT_THAT(layer[0].values(), ::testing::ElementsAreArray(layer[1].values()));
  EXPECT_THAT(sweep(score("class"))[0][0].values(),
              ::testing::Not(::testing::ElementsAreArray(sweep(zero)[0][0].values())));
}

// With the score a probability, both variants are the same and one sweep makes them.
TEST(Heatmaps, NoiseCamOfAProbabilityIsTheLogitVariantOfThatScore) {
  const Setting setting(false);
  const std::vector<HeatmapMethod> methods = {heatmap_method("noisecam"), heatmap_method("noisecam-logit")};
  const ClassPair classes{.clean_class = 2, .other_class = 0};
  const auto of_class =
      heatmaps_of_all_layers(*setting.plan, *setting.pass, setting.layers, methods, score("class"), classes);
  const auto of_probability = heatmaps_of_all_layers(*setting.plan, *setting.pass, setting.layers, methods,
                                                     score("probability"), classes);
  for (std::size_t layer = 0; layer < of_class.size(); ++layer) {
    EXPECT_THAT(of_probability[layer][0].values(),
                ::testing::ElementsAreArray(of_probability[layer][1].values()));
    EXPECT_THAT(of_class[layer][0].values(), ::testing::ElementsAreArray(of_probability[layer][0].values()));
  }
}

TEST(HeatmapMethods, AreFoundByName) {
  EXPECT_EQ(heatmap_methods().front().name, "layercam");
  EXPECT_EQ(heatmap_method("gradcam++").name, "gradcam++");
  test::expect_error(
      [] { heatmap_method("scam"); }, ErrorKind::usage,
      "unknown heatmap method 'scam'; expected one of: layercam, hirescam, gradcam, gradcam++, xgradcam, "
      "noisecam, noisecam-logit, noisecam-scale-free, eigencam, eigengradcam");
}

}  // namespace
}  // namespace faultline::heatmap
