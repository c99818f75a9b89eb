#include <gtest/gtest.h>

#include "heatmap/sweep_setting.h"

namespace faultline::heatmap {
namespace {

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

TEST(XGradCam, IsThePublishedFormula) {
  expect_published("xgradcam", plain_xgrad_cam);
}

}  // namespace
}  // namespace faultline::heatmap
