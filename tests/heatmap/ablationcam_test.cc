#include <gtest/gtest.h>

#include "heatmap/ablation_cam.h"
#include "heatmap/changed_layer_setting.h"
#include "heatmap/rectified.h"

namespace faultline::heatmap {
namespace {

// Of a linear score, a channel's ablation takes away its own summand.
TEST(AblationCam, WeighsChannelsByTheirSharesOfALinearScore) {
  ChangedLayerSetting setting;
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
  ChangedLayerSetting setting;
  Score zero = score("class");
  zero.values = [](const DoubleTensor& logits, const ClassPair&) {
    return std::vector<double>(static_cast<std::size_t>(logits.shape()[0]), 0.0);
  };
  EXPECT_TRUE(is_blank(ablation_cam(setting.question(16, zero))));
}

}  // namespace
}  // namespace faultline::heatmap
