#include "causal/gate_sets.h"

#include <gtest/gtest.h>

#include <functional>

namespace faultline::causal {
namespace {

// A game of three blocks: margin(adversarial input?, gates).
std::vector<double> game(const std::function<double(bool, Coalition)>& margin) {
  std::vector<double> values(16);
  for (Coalition c = 0; c < 16; ++c) values[c] = margin((c & 1U) != 0, c >> 1U);
  return values;
}

TEST(GateSets, OneBlockThatDecides) {
  const GateSets sets = gate_sets(game(
      [](bool input, Coalition gates) { return (contains(gates, 1) ? -1.0 : 2.0) - (input ? 0.5 : 0.0); }));
  EXPECT_EQ(sets.gates_only, std::vector<Coalition>{0b010});
  EXPECT_EQ(sets.given_linear_path, std::vector<Coalition>{0b010});
  EXPECT_EQ(sets.restoring, std::vector<Coalition>{0b010});
}

TEST(GateSets, AllSmallestOnesStrongestFirst) {
  // Any two blocks flip; 1 and 2 the most.
  const GateSets sets = gate_sets(game([](bool /*input*/, Coalition gates) {
    return size(gates) < 2 ? 1.0 : gates == 0b110 ? -2.0 : -1.0;
  }));
  EXPECT_EQ(sets.gates_only, (std::vector<Coalition>{0b110, 0b011, 0b101}));
  // Of all three compromised ones, two must be restored.
  EXPECT_EQ(sets.restoring, (std::vector<Coalition>{0b011, 0b101, 0b110}));
}

TEST(GateSets, TheLinearPathMaySufficeAndGatesMayNot) {
  const GateSets sets = gate_sets(game([](bool input, Coalition /*gates*/) { return input ? -1.0 : 1.0; }));
  EXPECT_TRUE(sets.gates_only.empty());
  EXPECT_EQ(sets.given_linear_path, std::vector<Coalition>{0});
  EXPECT_TRUE(sets.restoring.empty());
}

// A margin of exactly 0 is a tie, which neither flips nor restores.
TEST(GateSets, ATieDecidesNothing) {
  const GateSets sets = gate_sets(game([](bool, Coalition) { return 0.0; }));
  EXPECT_TRUE(sets.gates_only.empty());
  EXPECT_TRUE(sets.given_linear_path.empty());
  EXPECT_TRUE(sets.restoring.empty());
}

}  // namespace
}  // namespace faultline::causal
