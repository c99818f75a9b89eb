#include "control/moments.h"

#include <gtest/gtest.h>

#include <cmath>

#include "control/images.h"
#include "control/statistics.h"

namespace faultline::control {
namespace {

TEST(Moments, MeanAndStdByHand) {
  const std::array<double, 4> values = {1, 2, 3, 6};
  EXPECT_DOUBLE_EQ(mean_and_std(values).mean, 3);
  EXPECT_DOUBLE_EQ(mean_and_std(values).std, std::sqrt(14.0 / 4));
}

TEST(Moments, NoiseWithoutSpreadBecomesTheMean) {
  const Tensor d({1, 1, 2}, {0.25F, 0.75F});
  DoubleTensor noise({1, 1, 2}, {5.0, 5.0});
  match_moments(d, Moments::per_channel, noise);
  EXPECT_EQ(noise[0], 0.5);
  EXPECT_EQ(noise[1], 0.5);
}

TEST(Statistics, ByHand) {
  const DoubleTensor d({2, 1, 2}, {3.0, -1.0, 0.0, -4.0});
  const Statistics s = statistics(d);
  EXPECT_EQ(s.mean, (std::vector<double>{1, -2}));
  EXPECT_EQ(s.std, (std::vector<double>{2, 2}));
  EXPECT_DOUBLE_EQ(s.l2, std::sqrt(26.0));
  EXPECT_EQ(s.linf, 4);
}

}  // namespace
}  // namespace faultline::control
