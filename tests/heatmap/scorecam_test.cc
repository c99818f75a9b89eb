#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "heatmap/changed_layer_setting.h"
#include "heatmap/score_cam.h"

namespace faultline::heatmap {
namespace {

// A score that is the same whatever is masked weighs all channels alike.
TEST(ScoreCam, IsTheMeanOfTheChannelsWhereMasksDoNotMatter) {
  ChangedLayerSetting setting;
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
  ChangedLayerSetting setting;
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

}  // namespace
}  // namespace faultline::heatmap
