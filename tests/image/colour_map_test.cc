#include "image/colour_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace faultline {
namespace {

// CIE L* of an sRGB colour.
double lightness(const std::array<float, 3>& colour) {
  const auto linear = [](double s) { return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4); };
  const double y = 0.2126729 * linear(static_cast<double>(colour[0])) +
                   0.7151522 * linear(static_cast<double>(colour[1])) +
                   0.0721750 * linear(static_cast<double>(colour[2]));
  return y > 216.0 / 24389.0 ? 116.0 * std::cbrt(y) - 16.0 : y * 24389.0 / 27.0;
}

void expect_colour(const std::array<float, 3>& got, int red, int green, int blue) {
  EXPECT_NEAR(got[0] * 255.0F, red, 8.0);
  EXPECT_NEAR(got[1] * 255.0F, green, 8.0);
  EXPECT_NEAR(got[2] * 255.0F, blue, 8.0);
}

TEST(ColourMap, LightnessRisesEvenly) {
  for (const ColourMap map : {ColourMap::viridis, ColourMap::magma, ColourMap::inferno}) {
    const double first = lightness(colour_of(map, 0.0F));
    const double last = lightness(colour_of(map, 1.0F));
    EXPECT_GT(last - first, 70.0);
    double before = first;
    for (int i = 1; i <= 100; ++i) {
      const double now = lightness(colour_of(map, static_cast<float>(i) / 100.0F));
      EXPECT_GT(now, before) << i;
      EXPECT_NEAR(now, first + (last - first) * i / 100.0, 2.0)
          << i;  // colours beyond the screen's are clipped
      before = now;
    }
  }
}

TEST(ColourMap, TheDivergingMapIsLightestInTheMiddle) {
  for (int i = 1; i <= 50; ++i) {
    const float near = 0.5F - 0.01F * static_cast<float>(i - 1);
    const float far = 0.5F - 0.01F * static_cast<float>(i);
    EXPECT_LT(lightness(colour_of(ColourMap::blue_red, far)),
              lightness(colour_of(ColourMap::blue_red, near)));
    EXPECT_LT(lightness(colour_of(ColourMap::blue_red, 1 - far)),
              lightness(colour_of(ColourMap::blue_red, 1 - near)));
  }
  expect_colour(colour_of(ColourMap::blue_red, 0.5F), 247, 247, 247);
  EXPECT_GT(colour_of(ColourMap::blue_red, 0.1F)[2], colour_of(ColourMap::blue_red, 0.1F)[0]);
  EXPECT_GT(colour_of(ColourMap::blue_red, 0.9F)[0], colour_of(ColourMap::blue_red, 0.9F)[2]);
}

TEST(ColourMap, KnownColours) {
  // Of the published table, whose lightness is a little less even.
  expect_colour(colour_of(ColourMap::viridis, 0.0F), 68, 1, 84);
  expect_colour(colour_of(ColourMap::viridis, 0.25F), 59, 82, 139);
  expect_colour(colour_of(ColourMap::viridis, 0.5F), 33, 145, 140);
  expect_colour(colour_of(ColourMap::viridis, 0.75F), 94, 201, 98);
  expect_colour(colour_of(ColourMap::viridis, 1.0F), 253, 231, 37);
}

TEST(ColourMap, ClipsAndRefusesNaN) {
  EXPECT_EQ(colour_of(ColourMap::magma, -3.0F), colour_of(ColourMap::magma, 0.0F));
  EXPECT_EQ(colour_of(ColourMap::magma, 7.0F), colour_of(ColourMap::magma, 1.0F));
  EXPECT_THROW(colour_of(ColourMap::magma, std::numeric_limits<float>::quiet_NaN()), ContractError);
}

TEST(ColourMap, ColourisesEveryCell) {
  const Tensor pixels = colourise(Tensor({2, 2}, {0.0F, 0.3F, 0.7F, 1.0F}), ColourMap::viridis);
  EXPECT_EQ(pixels.shape(), (Shape{3, 2, 2}));
  const auto third = colour_of(ColourMap::viridis, 0.7F);
  for (int c = 0; c < 3; ++c) EXPECT_EQ(pixels[4 * c + 2], third[static_cast<std::size_t>(c)]);
  EXPECT_THROW(colourise(Tensor({4}), ColourMap::viridis), ContractError);
}

}  // namespace
}  // namespace faultline
