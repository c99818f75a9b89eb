#include <gmock/gmock.h>

#include "heatmap/sweep_setting.h"

namespace faultline::heatmap {
namespace {

// With the score a probability, both variants are the same and one sweep makes them.
TEST(NoiseCam, OfAProbabilityIsTheLogitVariantOfThatScore) {
  const SweepSetting setting(false);
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

}  // namespace
}  // namespace faultline::heatmap
