// Heatmaps by resumed passes: analytic cases, costs, independence of batches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/networks.h"
#include "heatmap/ablation_cam.h"
#include "heatmap/rectified.h"
#include "heatmap/score_cam.h"

namespace faultline::heatmap {
namespace {

constexpr std::int64_t kChannels = 5;

// images [N,3,6,4] -> conv + relu -> mean over positions -> logits <w, mean>, without a bias.
struct Setting {
  net::NodeId layer;
  Tensor weights = test::random_tensor(Shape{kChannels, 3}, "dense");
  std::unique_ptr<engine::Plan> plan;
  std::unique_ptr<engine::Pass> pass;

  explicit Setting(const std::string& engine = "reference", const std::string& image = "image") {
    net::Graph graph;
    const auto input = graph.add("image", net::Input{Shape{3, 6, 4}}, {});
    const auto conv = test::add_conv(graph, "conv", input, Shape{kChannels, 3, 3, 3}, {.pads = {1, 1, 1, 1}});
    layer = graph.add("relu", net::Relu{}, {conv});
    const auto mean = graph.add("mean", net::GlobalAveragePool{}, {layer});
    const auto flat = graph.add("flat", net::Flatten{}, {mean});
    graph.set_output(graph.add("dense", net::MatMul{}, {flat, graph.add_constant("w", weights)}));
    plan = test::compile_all(graph, engine);
    pass = plan->forward(test::random_tensor(Shape{1, 3, 6, 4}, image));
  }

  ChangedLayer question(int max_batch = 16, const Score& of = score("class")) {
    return {*plan, *pass, layer, of, {.clean_class = 1, .other_class = 2}, max_batch};
  }
  // <w_k, mean A_k> of the class.
  double share(std::int64_t k) const {
    double sum = 0;
    const DoubleTensor activation = pass->observe(layer).read(0);
    for (const double value : activation.row(k).values()) sum += value / 24;
    return sum * double{weights[k * 3 + 1]};
  }
};

// Of a linear score, a channel's ablation takes away its own summand.
TEST(AblationCam, WeighsChannelsByTheirSharesOfALinearScore) {
  Setting setting;
  const DoubleTensor activation = setting.pass->observe(setting.layer).read(0);
  const double score = setting.pass->logits()[1];
  const DoubleTensor map = ablation_cam(setting.question());
  ASSERT_EQ(map.shape(), (Shape{6, 4}));
  for (std::int64_t p = 0; p < 24; ++p) {
    double expected = 0;
    for (std::int64_t k = 0; k < kChannels; ++k)
      expected += setting.share(k) / score * activation[k * 24 + p];
    EXPECT_NEAR(map[p], std::max(expected, 0.0), 1e-12);
  }
}

TEST(AblationCam, IsBlankWhereTheScoreIsZero) {
  Setting setting;
  Score zero = score("class");
  zero.values = [](const DoubleTensor& logits, const ClassPair&) {
    return std::vector<double>(static_cast<std::size_t>(logits.shape()[0]), 0.0);
  };
  EXPECT_TRUE(is_blank(ablation_cam(setting.question(16, zero))));
}

// A score that is the same whatever is masked weighs all channels alike.
TEST(ScoreCam, IsTheMeanOfTheChannelsWhereMasksDoNotMatter) {
  Setting setting;
  Score constant = score("class");
  constant.values = [](const DoubleTensor& logits, const ClassPair&) {
    return std::vector<double>(static_cast<std::size_t>(logits.shape()[0]), 7.0);
  };
  const DoubleTensor activation = setting.pass->observe(setting.layer).read(0);
  for (const Masked masked : {Masked::layer, Masked::input}) {
    const DoubleTensor map = score_cam(setting.question(16, constant), masked);
    for (std::int64_t p = 0; p < 24; ++p) {
      double mean = 0;
      for (std::int64_t k = 0; k < kChannels; ++k) mean += activation[k * 24 + p] / kChannels;
      EXPECT_NEAR(map[p], mean, 1e-12);
    }
  }
}

TEST(ScoreCam, OfTheLayerFollowsTheFormulaOnALinearScore) {
  Setting setting;
  const DoubleTensor a = setting.pass->observe(setting.layer).read(0);
  std::vector<double> weights;
  double total = 0;
  for (std::int64_t k = 0; k < kChannels; ++k) {
    const auto channel = a.row(k);
    const auto [least, most] = std::ranges::minmax(channel.values());
    double masked = 0;
    for (std::int64_t i = 0; i < a.elements(); ++i) {
      const double mask = (channel[i % 24] - least) / (most - least + 1e-8);
      masked += a[i] * mask * double{setting.weights[i / 24 * 3 + 1]} / 24;
    }
    total += weights.emplace_back(std::exp(masked));
  }
  const DoubleTensor map = score_cam(setting.question());
  for (std::int64_t p = 0; p < 24; ++p) {
    double expected = 0;
    for (std::int64_t k = 0; k < kChannels; ++k)
      expected += weights[static_cast<std::size_t>(k)] / total * a[k * 24 + p];
    EXPECT_NEAR(map[p], expected, 1e-12);
  }
}

TEST(ChangedLayer, DoesNotDependOnBatches) {
  for (const std::string engine : {"reference", "onednn"}) {
    Setting setting(engine);
    for (const auto method : {+[](const ChangedLayer& of) { return ablation_cam(of); },
                              +[](const ChangedLayer& of) { return score_cam(of); },
                              +[](const ChangedLayer& of) { return score_cam(of, Masked::input); }}) {
      const DoubleTensor whole = method(setting.question(16));
      for (const int batch : {1, 2, 3})
        EXPECT_THAT(method(setting.question(batch)).values(), ::testing::ElementsAreArray(whole.values()));
    }
  }
}

TEST(ChangedLayer, CostsAPassFromTheLayerOnForEachChannel) {
  Setting setting;
  std::int64_t after = 0;
  for (const engine::StepTime& step : setting.plan->times())
    after += step.node > setting.layer ? step.multiply_adds : 0;
  ASSERT_GT(after, 0);
  const auto cost_of = [&](const auto& make) {
    const std::int64_t before = setting.plan->counters().multiply_adds;
    make();
    return setting.plan->counters().multiply_adds - before;
  };
  EXPECT_EQ(cost_of([&] { ablation_cam(setting.question(2)); }), kChannels * after);
  EXPECT_EQ(cost_of([&] { score_cam(setting.question(2)); }), kChannels * after);
  EXPECT_GT(cost_of([&] { score_cam(setting.question(2), Masked::input); }), kChannels * after);
}

TEST(Question, FixesTheClassOfAnOwnScore) {
  const DoubleTensor logits(Shape{1, 3}, {1, 5, 2});
  Score of = score("own");
  ClassPair classes{.clean_class = 0, .other_class = 2};
  fix_classes(logits, of, classes);
  EXPECT_EQ(of.name, "class");
  EXPECT_EQ(classes.clean_class, 1);
  of = score("margin");
  classes = {.clean_class = 0, .other_class = 2};
  fix_classes(logits, of, classes);
  EXPECT_EQ(of.name, "margin");
  EXPECT_EQ(classes.clean_class, 0);
}

}  // namespace
}  // namespace faultline::heatmap
