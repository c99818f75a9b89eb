#include <gtest/gtest.h>

#include "heatmap/attribution.h"

namespace faultline::heatmap {
namespace {

TEST(Gradient, OfALinearNetworkIsItsWeights) {
  const Tensor weights = test::random_tensor(Shape{144, 5}, "weights");
  const DoubleTensor map = Explained().by("gradient", linear(weights));
  ASSERT_EQ(map.shape(), (Shape{3, 6, 8}));
  for (std::int64_t i = 0; i < 144; ++i) EXPECT_EQ(map[i], double{weights[i * 5 + 1]});
}

}  // namespace
}  // namespace faultline::heatmap
