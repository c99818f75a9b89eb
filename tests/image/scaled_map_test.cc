#include "image/scaled_map.h"

#include <gtest/gtest.h>

#include <limits>

namespace faultline {
namespace {

void expect_values(const ScaledMap& scaled, std::initializer_list<float> expected) {
  ASSERT_EQ(scaled.values.elements(), static_cast<std::int64_t>(expected.size()));
  std::int64_t i = 0;
  for (const float value : expected) EXPECT_FLOAT_EQ(scaled.values[i++], value);
}

TEST(ScaledMap, EachScaleByHand) {
  const Tensor map({1, 4}, {-2.0F, 0.0F, 1.0F, 4.0F});
  const ScaledMap maximum = scale_map(map, MapScale::maximum);
  expect_values(maximum, {0.0F, 0.0F, 0.25F, 1.0F});
  EXPECT_EQ(maximum.high, 4.0F);
  const ScaledMap min_max = scale_map(map, MapScale::min_max);
  expect_values(min_max, {0.0F, 1.0F / 3.0F, 0.5F, 1.0F});
  EXPECT_EQ(min_max.low, -2.0F);
  const ScaledMap symmetric = scale_map(map, MapScale::symmetric);
  expect_values(symmetric, {0.25F, 0.5F, 0.625F, 1.0F});
  EXPECT_EQ(symmetric.low, -4.0F);
  EXPECT_EQ(symmetric.zero, 0.5F);
}

TEST(ScaledMap, BlankMapsSaySo) {
  const Tensor zero({2, 2});
  const Tensor negative({1, 2}, {-1.0F, -2.0F});
  const Tensor level({1, 2}, {3.0F, 3.0F});
  for (const MapScale scale : {MapScale::maximum, MapScale::min_max, MapScale::symmetric}) {
    EXPECT_TRUE(scale_map(zero, scale).blank);
  }
  EXPECT_TRUE(scale_map(negative, MapScale::maximum).blank);
  EXPECT_FALSE(scale_map(negative, MapScale::symmetric).blank);
  EXPECT_TRUE(scale_map(level, MapScale::min_max).blank);
  EXPECT_FALSE(scale_map(level, MapScale::maximum).blank);
  expect_values(scale_map(zero, MapScale::symmetric), {0.5F, 0.5F, 0.5F, 0.5F});
}

TEST(ScaledMap, ExtremeValuesStayFinite) {
  const float largest = std::numeric_limits<float>::max();
  expect_values(scale_map(Tensor({1, 3}, {-largest, 0.0F, largest}), MapScale::min_max), {0.0F, 0.5F, 1.0F});
  expect_values(
      scale_map(Tensor({1, 2}, {0.0F, std::numeric_limits<float>::denorm_min()}), MapScale::maximum),
      {0.0F, 1.0F});
  EXPECT_THROW(scale_map(Tensor({1, 1}, {std::numeric_limits<float>::infinity()}), MapScale::maximum),
               ContractError);
}

TEST(ScaledMap, UpsamplingByHand) {
  // Centres of the two values lie at 1/4 and 3/4 of the width: weights 1, 3/4 1/4, 1/4 3/4, 1.
  const Tensor wide = upsample_bilinear(Tensor({1, 2}, {0.0F, 1.0F}), 1, 4);
  const float expected[] = {0.0F, 0.25F, 0.75F, 1.0F};
  for (int i = 0; i < 4; ++i) EXPECT_FLOAT_EQ(wide[i], expected[i]);
  const Tensor both = upsample_bilinear(Tensor({2, 2}, {0.0F, 1.0F, 2.0F, 3.0F}), 4, 4);
  EXPECT_FLOAT_EQ(both[4 * 1 + 1], 0.75F);
  EXPECT_FLOAT_EQ(both[4 * 1 + 2], 1.25F);
  EXPECT_FLOAT_EQ(both[4 * 2 + 1], 1.75F);
  EXPECT_FLOAT_EQ(both[4 * 3 + 3], 3.0F);
  const Tensor level = upsample_bilinear(Tensor({1, 1}, {7.0F}), 3, 5);
  for (const float value : level.values()) EXPECT_EQ(value, 7.0F);
  EXPECT_THROW(upsample_bilinear(Tensor({1, 1}), 0, 5), ContractError);
}

}  // namespace
}  // namespace faultline
