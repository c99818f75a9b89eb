#include <gtest/gtest.h>

#include <cmath>

#include "heatmap/eigen_cam.h"
#include "heatmap/eigen_layer.h"

namespace faultline::heatmap {
namespace {

TEST(EigenGradCam, IsTurnedSoThatItsLargestCellIsPositive) {
  for (const auto& shape : {Shape{4, 3, 5, 4}, Shape{4, 30, 2, 3}}) {
    const EigenLayer layer(test::random_tensor(shape, "images"), "reference");
    const DoubleTensor maps = layer.maps(eigen_grad_cam);
    for (std::int64_t row = 0; row < 4; ++row) {
      double largest = 0;
      for (const double value : maps.row(row).values()) {
        if (std::abs(value) > std::abs(largest)) largest = value;
      }
      EXPECT_GT(largest, 0);
    }
  }
}

}  // namespace
}  // namespace faultline::heatmap
