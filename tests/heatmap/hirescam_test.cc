#include <gtest/gtest.h>

#include "heatmap/sweep_setting.h"

namespace faultline::heatmap {
namespace {

std::vector<double> plain_hires_cam(const LayerValues& at) {
  std::vector<double> map(static_cast<std::size_t>(positions(at)), 0.0);
  for (std::int64_t i = 0; i < at.activation.elements(); ++i) {
    map[static_cast<std::size_t>(i % positions(at))] += at.gradient[i] * at.activation[i];
  }
  for (double& value : map) value = std::max(value, 0.0);
  return map;
}

TEST(HiResCam, IsThePublishedFormula) {
  expect_published("hirescam", plain_hires_cam);
}

}  // namespace
}  // namespace faultline::heatmap
