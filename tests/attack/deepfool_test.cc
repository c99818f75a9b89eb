#include "attack/deepfool.h"

#include "minimal.h"

namespace faultline::attack {
namespace {

constexpr std::array kNorms = {Norm::l2, Norm::linf};

// One step reaches the nearest boundary of a linear network, and the overshoot crosses it.
TEST(DeepFool, IsExactUpToItsOvershootOnALinearNetwork) {
  for (const Norm norm : kNorms) {
    for (const double overshoot : {0.02, 0.1}) {
      const DeepFool attack{.norm = norm, .overshoot = overshoot};
      test::expect_distances(test::run_of(attack), norm, (1 + overshoot) * (1 - 1e-5),
                             (1 + overshoot) * (1 + 1e-5));
    }
  }
}

TEST(DeepFool, NeedsOneStepOnALinearNetwork) {
  const test::LinearClasses linear(5);
  for (const AttackedImage& result : run(DeepFool{}, *linear.plan, linear.input(), {})) {
    EXPECT_EQ(result.steps, 1);
    EXPECT_EQ(result.forward_passes, 3);
    EXPECT_EQ(result.backward_passes, 4);  // one for each other class
  }
}

// Only candidates are looked at; the others' boundaries may be nearer.
TEST(DeepFool, LooksAtTheLargestLogitsOnly) {
  const test::LinearClasses linear(7);
  const DeepFool attack{.classes = 2};
  const auto results = run(attack, *linear.plan, linear.input(), {});
  for (int i = 0; i < 2; ++i) {
    const AttackedImage& result = results[static_cast<std::size_t>(i)];
    int second = -1;
    for (int j = 0; j < 7; ++j) {
      if (j == result.aim.label) continue;
      if (second < 0 || linear.logit(i, j) > linear.logit(i, second)) second = j;
    }
    const double expected = linear.distance_to(Norm::l2, i, result.aim.label, second);
    EXPECT_LE(result.l2, 1.02 * expected * (1 + 1e-5));
    EXPECT_EQ(result.backward_passes, 1);
  }
}

TEST(DeepFool, TargetedReachesTheTarget) {
  const test::LinearClasses linear(3);
  const auto clean = run(DeepFool{}, *linear.plan, linear.input(), {});
  std::vector<int> targets;
  for (const AttackedImage& result : clean) targets.push_back((result.aim.label + 1) % 3);
  AttackInput input = linear.input();
  input.targets = targets;
  const auto results = run(DeepFool{.goal = Goal::targeted}, *linear.plan, input, {});
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(results[i].adversarial.predicted, targets[i]);
    EXPECT_GE(results[i].l2,
              linear.distance_to(Norm::l2, static_cast<int>(i), results[i].aim.label, targets[i]));
  }
}

TEST(DeepFool, DependsOnNoOtherImage) {
  for (const Norm norm : kNorms) test::expect_independent_of_the_batch(test::run_of(DeepFool{.norm = norm}));
}

TEST(DeepFool, IsControlledAndCostsNoMoreThanItSays) {
  const DeepFool attack{.steps = 6, .classes = 5};
  test::expect_control_and_cost(test::run_of(attack), cost(attack));
}

TEST(DeepFool, ReturnsTheCleanImageWhereNothingFlips) {
  for (const Norm norm : kNorms) {
    const DeepFool attack{.norm = norm, .steps = 5, .classes = 2};
    test::expect_clean_where_nothing_flips(test::run_of(attack), cost(attack));
  }
}

TEST(DeepFool, TrivialCases) {
  for (const Norm norm : kNorms) test::expect_trivial_cases(DeepFool{.norm = norm}, norm);
}

TEST(DeepFool, IsTheCataloguesEntry) {
  test::expect_entry("deepfool", {}, DeepFool{});
  test::expect_entry(
      "deepfool", {"norm=linf", "eps=0.02", "steps=3", "classes=4", "overshoot=0.1"},
      DeepFool{
          .norm = Norm::linf, .steps = 3, .classes = 4, .overshoot = 0.1, .eps = static_cast<double>(0.02F)});
}

}  // namespace
}  // namespace faultline::attack
