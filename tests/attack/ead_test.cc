#include "attack/ead.h"

#include "minimal.h"

namespace faultline::attack {
namespace {

// A larger beta brings it nearer to the least L1, where values go to their bounds in the order of their
// weights.
TEST(Ead, ComesNearTheBoundaryInL1OnALinearNetwork) {
  const test::LinearClasses linear(2);
  for (const auto& [beta, most] : {std::pair{1e-3, 1.3}, {1e-2, 1.04}, {3e-2, 1.03}}) {
    const auto results = run(Ead{.steps = 500, .beta = beta}, *linear.plan, linear.input(), {});
    for (int i = 0; i < 2; ++i) {
      const AttackedImage& result = results[static_cast<std::size_t>(i)];
      const double size = distance(Norm::l1, linear.images.view().row(i), result.image);
      const double least = linear.l1_distance_in_box(i, result.aim.label, 1 - result.aim.label);
      EXPECT_TRUE(result.adversarial.success);
      EXPECT_GE(size, least * (1 - 1e-6));
      EXPECT_LE(size, least * most) << beta;
    }
  }
}

TEST(Ead, ConfidenceIsKept) {
  const test::LinearClasses linear(5);
  for (const AttackedImage& result : run(Ead{.confidence = 0.5}, *linear.plan, linear.input(), {})) {
    EXPECT_TRUE(result.adversarial.success);
    EXPECT_GE(result.adversarial.loss, 0.5);
  }
}

TEST(Ead, TargetedReachesTheTarget) {
  const auto plan = test::compile(test::small_network());
  const test::Images images({5, 3, 8, 8});
  const std::vector<int> targets = {0, 1, 2, 3, 4};
  const auto results = run(Ead{.goal = Goal::targeted}, *plan, images.input(targets), {});
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(results[i].adversarial.predicted, targets[i]);
}

TEST(Ead, DependsOnNoOtherImage) {
  test::expect_independent_of_the_batch(test::run_of(Ead{.binary_steps = 5, .steps = 30}));
}

TEST(Ead, IsControlledAndCostsNoMoreThanItSays) {
  const Ead attack{.binary_steps = 3, .steps = 10};
  test::expect_control_and_cost(test::run_of(attack), cost(attack));
}

TEST(Ead, ReturnsTheCleanImageWhereNothingFlips) {
  const Ead attack{.binary_steps = 9, .steps = 10};
  test::expect_clean_where_nothing_flips(test::run_of(attack), cost(attack));
}

TEST(Ead, TrivialCases) {
  test::expect_trivial_cases(Ead{.steps = 40}, Norm::l1);
}

TEST(Ead, IsTheCataloguesEntry) {
  test::expect_entry("ead", {}, Ead{});
  test::expect_entry("ead",
                     {"eps=4", "binary_steps=4", "steps=20", "step_size=0.02", "initial_weight=0.1",
                      "beta=0.01", "confidence=0.2", "abort_early=off"},
                     Ead{.binary_steps = 4,
                         .steps = 20,
                         .step_size = 0.02,
                         .initial_weight = 0.1,
                         .beta = 0.01,
                         .confidence = 0.2,
                         .abort_early = false,
                         .eps = static_cast<double>(4.0F)});
}

}  // namespace
}  // namespace faultline::attack
