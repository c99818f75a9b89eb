#include "attack/ddn.h"

#include "minimal.h"

namespace faultline::attack {
namespace {

// The length swings about the boundary by gamma, less where the direction still turns. With more classes the
// cross-entropy's gradient is a mixture of their directions, which is not the nearest one's.
TEST(Ddn, ComesNearTheBoundaryOfALinearNetwork) {
  test::expect_distances(test::run_of(Ddn{}), Norm::l2, 1 - 1e-6, 1.06, {2});
  test::expect_distances(test::run_of(Ddn{}), Norm::l2, 1 - 1e-6, 1.12, {3, 7});
  test::expect_distances(test::run_of(Ddn{.steps = 1000, .gamma = 0.005}), Norm::l2, 1 - 1e-6, 1.01, {2});
}

TEST(Ddn, QuantisedPointsAreOnThe8BitGrid) {
  const auto plan = test::compile(test::small_network());
  const test::Images images({5, 3, 8, 8});
  for (const AttackedImage& result : run(Ddn{.quantise = true}, *plan, images.input(), {})) {
    EXPECT_TRUE(result.adversarial.success);
    EXPECT_TRUE(result.rounded.success);
    EXPECT_EQ(result.rounded.loss, result.adversarial.loss);
    for (const float x : result.image.values()) EXPECT_NEAR(255 * x, std::round(255 * x), 1e-4);
  }
}

TEST(Ddn, TargetedReachesTheTarget) {
  const auto plan = test::compile(test::small_network());
  const test::Images images({5, 3, 8, 8});
  const std::vector<int> targets = {0, 1, 2, 3, 4};
  const auto results = run(Ddn{.goal = Goal::targeted}, *plan, images.input(targets), {});
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(results[i].adversarial.predicted, targets[i]);
}

TEST(Ddn, DependsOnNoOtherImage) {
  test::expect_independent_of_the_batch(test::run_of(Ddn{.steps = 20}));
}

TEST(Ddn, IsControlledAndCostsNoMoreThanItSays) {
  const Ddn attack{.steps = 8};
  test::expect_control_and_cost(test::run_of(attack), cost(attack));
}

TEST(Ddn, ReturnsTheCleanImageWhereNothingFlips) {
  const Ddn attack{.steps = 50};
  test::expect_clean_where_nothing_flips(test::run_of(attack), cost(attack));
}

TEST(Ddn, TrivialCases) {
  test::expect_trivial_cases(Ddn{}, Norm::l2);
}

TEST(Ddn, IsTheCataloguesEntry) {
  test::expect_entry("ddn", {}, Ddn{});
  test::expect_entry(
      "ddn", {"eps=0.5", "steps=20", "initial_norm=0.5", "gamma=0.1", "step_size=0.25", "quantise=on"},
      Ddn{.steps = 20,
          .initial_norm = 0.5,
          .gamma = 0.1,
          .step_size = 0.25,
          .quantise = true,
          .eps = static_cast<double>(0.5F)});
}

}  // namespace
}  // namespace faultline::attack
