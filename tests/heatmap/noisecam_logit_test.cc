#include <gmock/gmock.h>

#include "heatmap/sweep_setting.h"

namespace faultline::heatmap {
namespace {

// E multiplies the weights alone: of a score of 0 it is 1.
TEST(NoiseCamLogit, IsScaleFreeWhereTheScoreIsZero) {
  const SweepSetting setting(false);
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

}  // namespace
}  // namespace faultline::heatmap
