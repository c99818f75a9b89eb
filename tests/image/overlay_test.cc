#include "image/overlay.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace faultline {
namespace {

Tensor plain(float red, float green, float blue) {
  Tensor picture({3, 16, 16});
  const float colour[] = {red, green, blue};
  for (std::int64_t i = 0; i < picture.elements(); ++i) picture[i] = colour[i / 256];
  return picture;
}

bool same(const Tensor& a, const Tensor& b) {
  return std::equal(a.values().begin(), a.values().end(), b.values().begin());
}

TEST(Overlay, OpacityFollowsTheMap) {
  const Tensor picture = plain(0.5F, 0.5F, 0.5F);
  const ScaledMap map = scale_map(Tensor({1, 2}, {0.0F, 1.0F}), MapScale::maximum);
  const Tensor result = overlay(picture, map, {.colours = ColourMap::viridis, .opacity = 0.5F});
  const auto top = colour_of(ColourMap::viridis, 1.0F);
  for (std::int64_t c = 0; c < 3; ++c) {
    EXPECT_FLOAT_EQ(result[c * 256], 0.5F);
    EXPECT_FLOAT_EQ(result[c * 256 + 15], 0.25F + 0.5F * top[static_cast<std::size_t>(c)]);
  }
}

TEST(Overlay, FixedOpacityTintsTheZeroToo) {
  const ScaledMap map = scale_map(Tensor({1, 2}, {0.0F, 1.0F}), MapScale::maximum);
  const Tensor result = overlay(plain(0.5F, 0.5F, 0.5F), map, {.opacity = 1.0F, .proportional = false});
  EXPECT_FLOAT_EQ(result[0], colour_of(ColourMap::inferno, 0.0F)[0]);
}

TEST(Overlay, SignedMapsLeaveTheirZeroClear) {
  const ScaledMap map = scale_map(Tensor({1, 3}, {-1.0F, 0.0F, 1.0F}), MapScale::symmetric);
  const Tensor picture = plain(0.2F, 0.4F, 0.6F);
  const Tensor result =
      overlay(picture, map, {.colours = ColourMap::blue_red, .opacity = 1.0F, .grey_picture = false});
  EXPECT_GT(result[512], result[0]);        // blue where negative
  EXPECT_GT(result[15], result[512 + 15]);  // red where positive
  EXPECT_NEAR(result[7], 0.2F, 0.15F);      // next to the zero the picture shows
}

TEST(Overlay, ABlankMapIsToldFromAnyOther) {
  const Tensor picture = plain(0.2F, 0.4F, 0.6F);
  const Tensor blank = overlay(picture, scale_map(Tensor({4, 4}), MapScale::maximum));
  Tensor faint({4, 4});
  faint[5] = 1e-30F;
  EXPECT_FALSE(same(blank, overlay(picture, scale_map(faint, MapScale::maximum))));
  EXPECT_FALSE(same(blank, picture));
  for (std::int64_t i = 0; i < 256; ++i) {  // no colour at all
    EXPECT_EQ(blank[i], blank[256 + i]);
    EXPECT_EQ(blank[i], blank[512 + i]);
  }
}

TEST(Overlay, RefusesWhatIsNoPicture) {
  const ScaledMap map = scale_map(Tensor({1, 1}, {1.0F}), MapScale::maximum);
  EXPECT_THROW(overlay(Tensor({1, 4, 4}), map), ContractError);
}

}  // namespace
}  // namespace faultline
