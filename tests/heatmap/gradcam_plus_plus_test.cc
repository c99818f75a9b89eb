#include <gtest/gtest.h>

#include "heatmap/sweep_setting.h"

namespace faultline::heatmap {
namespace {

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

TEST(GradCamPlusPlus, IsThePublishedFormula) {
  expect_published("gradcam++", plain_grad_cam_plus_plus);
}

}  // namespace
}  // namespace faultline::heatmap
