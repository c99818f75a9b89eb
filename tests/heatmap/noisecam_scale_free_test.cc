#include <gtest/gtest.h>

#include "heatmap/sweep_setting.h"

namespace faultline::heatmap {
namespace {

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

TEST(NoiseCamScaleFree, IsThePublishedFormula) {
  expect_published("noisecam-scale-free", plain_noise_cam);
}

}  // namespace
}  // namespace faultline::heatmap
