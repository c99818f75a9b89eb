#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "attack/adam.h"
#include "attack/cosine_decay.h"
#include "attack/early_abort.h"
#include "attack/weight_search.h"

namespace faultline::attack {
namespace {

// Kingma & Ba's algorithm 1 by hand: after one step m = g, v = g^2; after a second with g = 0 of the first
// variable m = 0.09 g/0.19, v = 0.000999 g^2/0.001999.
TEST(Adam, TwoStepsByHand) {
  std::array<double, 2> w = {1, 2};
  Adam adam(2);
  const std::array<double, 2> first = {3, -0.5};
  adam.step(
      0.1, [&](std::size_t i) { return first[i]; }, w);
  EXPECT_NEAR(w[0], 0.9, 1e-9);
  EXPECT_NEAR(w[1], 2.1, 1e-8);
  const std::array<double, 2> second = {0, -0.5};
  adam.step(
      0.1, [&](std::size_t i) { return second[i]; }, w);
  EXPECT_NEAR(w[0], 0.9 - 0.1 * (0.09 / 0.19) / std::sqrt(0.000999 / 0.001999), 1e-8);
  EXPECT_NEAR(w[1], 2.2, 1e-8);
  adam.reset();
  adam.step(
      0.1, [](std::size_t) { return 1.0; }, w);
  EXPECT_NEAR(w[1], 2.1, 1e-8);
}

TEST(Adam, AZeroGradientMovesNothing) {
  std::array<double, 1> w = {1};
  Adam adam(1);
  adam.step(
      0.1, [](std::size_t) { return 0.0; }, w);
  EXPECT_EQ(w[0], 1);
}

TEST(WeightSearch, TensThenHalves) {
  WeightSearch search(0.001);
  search.next(false);
  EXPECT_DOUBLE_EQ(search.weight(), 0.01);
  search.next(false);
  EXPECT_DOUBLE_EQ(search.weight(), 0.1);
  search.next(true);
  EXPECT_DOUBLE_EQ(search.weight(), 0.055);
  search.next(true);
  EXPECT_DOUBLE_EQ(search.weight(), 0.0325);
  search.next(false);
  EXPECT_DOUBLE_EQ(search.weight(), 0.04375);
}

TEST(EarlyAbort, EveryTenthOfTheStepsTheLossMustHaveFallen) {
  EarlyAbort abort(true, 100, 2);
  EXPECT_FALSE(abort.gives_up(0, 0, 5.0));
  EXPECT_FALSE(abort.gives_up(0, 9, 7.0));
  EXPECT_FALSE(abort.gives_up(0, 10, 4.0));
  EXPECT_TRUE(abort.gives_up(0, 20, 3.9999));
  EXPECT_FALSE(abort.gives_up(1, 20, 3.9999));
  abort.reset();
  EXPECT_FALSE(abort.gives_up(0, 20, 5.0));
  EarlyAbort never(false, 100, 1);
  EXPECT_FALSE(never.gives_up(0, 0, 1e9));
}

TEST(CosineDecay, FromFirstTowardsLast) {
  EXPECT_EQ(cosine_decay(1, 0.01, 0, 10), 1);
  EXPECT_NEAR(cosine_decay(1, 0.01, 5, 10), 0.505, 1e-15);
  EXPECT_NEAR(cosine_decay(1, 0.01, 10, 10), 0.01, 1e-15);
}

}  // namespace
}  // namespace faultline::attack
