#include "causal/shapley.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/philox.h"
#include "causal/coalition.h"

namespace faultline::causal {
namespace {

std::vector<double> random_game(int players, const std::string& name) {
  const RandomStream stream(5, name);
  std::vector<double> values(std::size_t{1} << static_cast<unsigned>(players));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = stream.normal(i);
  return values;
}

// By its definition: the mean over all orders in which the players join.
std::vector<double> over_all_orders(const std::vector<double>& values, int players) {
  std::vector<int> order(static_cast<std::size_t>(players));
  std::iota(order.begin(), order.end(), 0);
  std::vector<double> sums(order.size(), 0.0);
  int orders = 0;
  do {
    Coalition joined = 0;
    for (const int p : order) {
      const Coalition with = joined | Coalition{1} << static_cast<unsigned>(p);
      sums[static_cast<std::size_t>(p)] += values[with] - values[joined];
      joined = with;
    }
    ++orders;
  } while (std::ranges::next_permutation(order).found);
  for (double& sum : sums) sum /= orders;
  return sums;
}

TEST(Shapley, IsTheMeanOverAllOrders) {
  for (int players = 1; players <= 6; ++players) {
    const auto values = random_game(players, "game" + std::to_string(players));
    const auto expected = over_all_orders(values, players);
    const auto found = shapley_values(values);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t p = 0; p < found.size(); ++p) EXPECT_NEAR(found[p], expected[p], 1e-12);
    EXPECT_NEAR(std::accumulate(found.begin(), found.end(), 0.0), values.back() - values.front(), 1e-12);
  }
}

// One left glove and two right ones: a pair is worth 1. The left one's share is 2/3.
TEST(Shapley, OfTheGloveGame) {
  const std::vector<double> values = {0, 0, 0, 1, 0, 1, 0, 1};
  const auto found = shapley_values(values);
  EXPECT_NEAR(found[0], 2.0 / 3, 1e-15);
  EXPECT_NEAR(found[1], 1.0 / 6, 1e-15);
  EXPECT_NEAR(found[2], 1.0 / 6, 1e-15);
}

TEST(Shapley, OfAnAdditiveGameIsEachPlayersOwn) {
  std::vector<double> values(16);
  for (Coalition c = 0; c < 16; ++c) {
    for (int p = 0; p < 4; ++p) values[c] += contains(c, p) ? p - 1.5 : 0;
  }
  const auto found = shapley_values(values);
  for (int p = 0; p < 4; ++p) EXPECT_NEAR(found[static_cast<std::size_t>(p)], p - 1.5, 1e-14);
}

TEST(Shapley, NeedsAValueForEachCoalition) {
  for (const std::size_t n : {0U, 1U, 3U, 12U})
    EXPECT_THROW(shapley_values(std::vector<double>(n)), ContractError) << n;
}

}  // namespace
}  // namespace faultline::causal
