// What holds for every heatmap of the common backward sweep.
#include <gmock/gmock.h>

#include <cmath>

#include "expect_error.h"
#include "heatmap/rectified.h"
#include "heatmap/sweep_setting.h"

namespace faultline::heatmap {
namespace {

TEST(Heatmaps, SomethingIsSeenByEveryMethod) {
  const SweepSetting setting(false);
  for (const auto& layer : setting.maps()) {
    for (std::size_t method = 0; method < layer.size(); ++method) {
      if (!heatmap_methods()[method].needs_gradients_only()) continue;  // their scores saturate here
      EXPECT_FALSE(is_blank(layer[method].row(0))) << heatmap_methods()[method].name;
    }
  }
}

TEST(Heatmaps, OfSeveralMethodsAreThoseOfEachAlone) {
  const SweepSetting setting(false);
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

TEST(Heatmaps, OfARowDependOnNoOtherRow) {
  const SweepSetting together(false, 4);
  const auto maps = together.maps();
  const SweepSetting alone(false, 1);  // the first of the same random images
  const auto first = alone.maps();
  for (std::size_t layer = 0; layer < maps.size(); ++layer) {
    for (std::size_t method = 0; method < maps[layer].size(); ++method) {
      for (std::int64_t i = 0; i < 30; ++i) EXPECT_EQ(maps[layer][method][i], first[layer][method][i]);
    }
  }
}

TEST(Heatmaps, NeedOneSeedForEachRowInOrder) {
  const SweepSetting setting(false, 2);
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
