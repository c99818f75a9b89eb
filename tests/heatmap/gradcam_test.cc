#include <gtest/gtest.h>

#include "heatmap/sweep_setting.h"

namespace faultline::heatmap {
namespace {

std::vector<double> plain_grad_cam(const LayerValues& at) {
  std::vector<double> weights(static_cast<std::size_t>(at.activation.shape()[0]), 0.0);
  for (std::int64_t i = 0; i < at.gradient.elements(); ++i) {
    weights[static_cast<std::size_t>(i / positions(at))] +=
        at.gradient[i] / static_cast<double>(positions(at));
  }
  return weighted(at, weights);
}

TEST(GradCam, IsThePublishedFormula) {
  expect_published("gradcam", plain_grad_cam);
}

// The gradient before a mean over positions is the same at every position, where the relu is open.
TEST(GradCam, IsHiResCamWhereTheGradientIsConstant) {
  const SweepSetting setting(true);
  const auto maps = setting.maps().back();  // relu2, whose value the mean reads
  for (std::int64_t i = 0; i < maps[1].elements(); ++i) EXPECT_NEAR(maps[2][i], maps[1][i], 1e-13);
}

}  // namespace
}  // namespace faultline::heatmap
