#include <gtest/gtest.h>

#include <cmath>

#include "heatmap/attribution.h"

namespace faultline::heatmap {
namespace {

TEST(InputXGradient, OfALinearNetworkIsWhatEachValueAddsToTheScore) {
  const Tensor weights = test::random_tensor(Shape{144, 5}, "weights");
  const Explained explained;
  const DoubleTensor map = explained.by("input-x-gradient", linear(weights));
  for (std::int64_t i = 0; i < 144; ++i)
    EXPECT_NEAR(map[i], double{weights[i * 5 + 1]} * double{explained.picture[i]}, 1e-15);
  EXPECT_NEAR(sum(map), logit(linear(weights), explained.picture), 1e-12);
}

}  // namespace
}  // namespace faultline::heatmap
