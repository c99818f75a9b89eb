#include <gtest/gtest.h>

#include <cmath>

#include "heatmap/eigen_cam.h"
#include "heatmap/eigen_layer.h"
#include "heatmap/rectified.h"

namespace faultline::heatmap {
namespace {

// Channels that are multiples of one pattern p have one component: |multiples| (p - mean p).
TEST(EigenCam, OfOnePatternIsThatPattern) {
  const std::vector<float> pattern = {1, 2, 6, 3};
  const std::vector<float> multiples = {2, -1, 2};
  Tensor image(Shape{1, 3, 2, 2});
  for (std::int64_t i = 0; i < 12; ++i)
    image[i] = multiples[static_cast<std::size_t>(i / 4)] * pattern[static_cast<std::size_t>(i % 4)] + 5.0F;
  for (const std::string engine : {"reference", "onednn"}) {
    const DoubleTensor map = EigenLayer(image, engine).maps(eigen_cam);
    ASSERT_EQ(map.shape(), (Shape{1, 2, 2}));
    for (std::int64_t p = 0; p < 4; ++p)
      EXPECT_NEAR(map[p], 3.0 * (double{pattern[static_cast<std::size_t>(p)]} - 3), 1e-5) << engine;
  }
}

TEST(EigenCam, IsTurnedSoThatItsLargestCellIsPositive) {
  for (const auto& shape : {Shape{4, 3, 5, 4}, Shape{4, 30, 2, 3}}) {
    const EigenLayer layer(test::random_tensor(shape, "images"), "reference");
    const DoubleTensor maps = layer.maps(eigen_cam);
    for (std::int64_t row = 0; row < 4; ++row) {
      double largest = 0;
      for (const double value : maps.row(row).values()) {
        if (std::abs(value) > std::abs(largest)) largest = value;
      }
      EXPECT_GT(largest, 0);
    }
  }
}

// The energy of the first component is the largest that any direction has.
TEST(EigenCam, HasMoreEnergyThanAnyChannel) {
  const Tensor images = test::random_tensor(Shape{1, 6, 4, 4}, "image");
  const DoubleTensor map = EigenLayer(images, "reference").maps(eigen_cam);
  double energy = 0;
  for (const double value : map.values()) energy += value * value;
  for (std::int64_t c = 0; c < 6; ++c) {
    double mean = 0;
    for (std::int64_t p = 0; p < 16; ++p) mean += double{images[c * 16 + p]} / 16;
    double of_channel = 0;
    for (std::int64_t p = 0; p < 16; ++p) of_channel += std::pow(double{images[c * 16 + p]} - mean, 2);
    EXPECT_GT(energy, of_channel);
  }
}

TEST(EigenCam, IsBlankWhereChannelsAreConstant) {
  Tensor image(Shape{1, 2, 3, 3});
  for (float& value : image.values()) value = 0.5F;
  EXPECT_TRUE(is_blank(EigenLayer(image, "reference").maps(eigen_cam)));
}

}  // namespace
}  // namespace faultline::heatmap
