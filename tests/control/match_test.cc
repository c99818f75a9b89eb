#include "control/match.h"

#include <gtest/gtest.h>

#include <cmath>

#include "control/images.h"
#include "control/statistics.h"

namespace faultline::control {
namespace {

TEST(MatchLength, NothingClippedIsScaledInClosedForm) {
  const Tensor x({1, 1, 2}, {0.5F, 0.5F});
  const Match match = match_length(x, DoubleTensor({1, 1, 2}, {0.03, 0.04}), 0.1);
  EXPECT_TRUE(match.matched);
  EXPECT_NEAR(match.scale, 2, 1e-5);
  EXPECT_NEAR(static_cast<double>(match.image[1]), 0.58, 1e-6);
}

TEST(MatchLength, ScaleOneIsTakenWhereItFits) {
  const Tensor x({1, 1, 2}, {0.5F, 0.25F});
  EXPECT_EQ(match_length(x, DoubleTensor({1, 1, 2}, {0.25, 0.0}), 0.25).scale, 1);
}

// One value stops at the border, so the other has to make up for it: 0.1^2 + (0.4 s)^2 = 0.5^2.
TEST(MatchLength, ClippedValuesAreMadeUpFor) {
  const Tensor x({1, 1, 2}, {0.9F, 0.1F});
  const Match match = match_length(x, DoubleTensor({1, 1, 2}, {0.4, 0.4}), 0.5);
  EXPECT_TRUE(match.matched);
  EXPECT_NEAR(match.scale, std::sqrt(0.24) / 0.4, 1e-5);
  EXPECT_EQ(match.image[0], 1);
}

TEST(MatchLength, WhatCannotBeReachedIsUnmatched) {
  Tensor white({3, 4, 4});
  std::fill_n(white.data(), white.elements(), 1.0F);
  DoubleTensor positive({3, 4, 4});
  std::fill_n(positive.data(), positive.elements(), 0.1);
  const Match match = match_length(white, positive, 0.5);
  EXPECT_FALSE(match.matched);
  EXPECT_EQ(match.scale, kLargestScale);
  EXPECT_EQ(match.image[0], 1);
}

TEST(MatchLength, NoLengthIsReachedByNoScale) {
  const Tensor x({1, 1, 2}, {0.0F, 0.5F});
  const Match match = match_length(x, DoubleTensor({1, 1, 2}, {0.4, 0.4}), 0);
  EXPECT_TRUE(match.matched);
  EXPECT_EQ(match.image[0], 0);
  EXPECT_EQ(match.image[1], 0.5F);
}

TEST(MatchLength, ALargeScaleIsFound) {
  const Tensor x({1, 1, 1}, {0.0F});
  const Match match = match_length(x, DoubleTensor({1, 1, 1}, {1e-6}), 0.75);
  EXPECT_TRUE(match.matched);
  EXPECT_NEAR(match.scale, 0.75e6, 10);
}

}  // namespace
}  // namespace faultline::control
