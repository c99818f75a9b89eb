#include "causal/sampled_shapley.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/philox.h"
#include "causal/shapley.h"

namespace faultline::causal {
namespace {

constexpr int kPlayers = 6;

std::vector<double> random_game() {
  const RandomStream stream(3, "game");
  std::vector<double> values;
  for (Coalition c = 0; c <= everyone(kPlayers); ++c) values.push_back(stream.normal(c) + size(c));
  return values;
}

TEST(SampledShapley, IsTheValueWithinItsError) {
  const std::vector<double> game = random_game();
  const std::vector<double> exact = shapley_values(game);
  int asked = 0;
  const auto sampled = sampled_shapley(
      kPlayers,
      [&](Coalition c) {
        ++asked;
        return game[c];
      },
      400, 1, "orders");
  EXPECT_LE(asked, 64) << "no coalition is asked for twice";
  for (std::size_t p = 0; p < kPlayers; ++p) {
    EXPECT_GT(sampled.standard_errors[p], 0);
    EXPECT_LT(sampled.standard_errors[p], 0.1);
    EXPECT_NEAR(sampled.values[p], exact[p], 4 * sampled.standard_errors[p]) << p;
  }
}

// Over many samples the stated error is that of the estimates.
TEST(SampledShapley, TheErrorIsWhatItSays) {
  const std::vector<double> game = random_game();
  const double exact = shapley_values(game)[0];
  double squares = 0;
  double stated = 0;
  constexpr int kRepeats = 400;
  for (int i = 0; i < kRepeats; ++i) {
    const auto sampled = sampled_shapley(
        kPlayers, [&](Coalition c) { return game[c]; }, 8, static_cast<std::uint64_t>(i), "orders");
    squares += (sampled.values[0] - exact) * (sampled.values[0] - exact) / kRepeats;
    stated += sampled.standard_errors[0] * sampled.standard_errors[0] / kRepeats;
  }
  EXPECT_NEAR(std::sqrt(squares), std::sqrt(stated), 0.1 * std::sqrt(stated));
}

TEST(SampledShapley, SumsToTheWholeAndNeedsNoMoreValuesThanItSays) {
  const std::vector<double> game = random_game();
  int asked = 0;
  const auto sampled = sampled_shapley(
      kPlayers,
      [&](Coalition c) {
        ++asked;
        return game[c];
      },
      2, 9, "orders");
  EXPECT_NEAR(std::accumulate(sampled.values.begin(), sampled.values.end(), 0.0), game.back() - game.front(),
              1e-12);
  EXPECT_LE(asked, 2 * 2 * (kPlayers - 1) + 2);
}

// Every order gives the same: no error.
TEST(SampledShapley, OfAnAdditiveGameIsExact) {
  const auto sampled = sampled_shapley(
      3, [](Coalition c) { return (contains(c, 0) ? 1.0 : 0) + (contains(c, 2) ? -4.0 : 0); }, 2, 0,
      "orders");
  EXPECT_EQ(sampled.values, (std::vector<double>{1, 0, -4}));
  EXPECT_EQ(sampled.standard_errors, (std::vector<double>{0, 0, 0}));
  EXPECT_THROW(sampled_shapley(
                   3, [](Coalition) { return 0.0; }, 1, 0, "orders"),
               ContractError);
}

}  // namespace
}  // namespace faultline::causal
