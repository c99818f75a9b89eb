#include "attack/cw.h"

#include "minimal.h"

namespace faultline::attack {
namespace {

// The boundary is met within 2 %: c is bisected, and Adam takes steps of finite size.
TEST(CarliniWagner, ComesNearTheBoundaryOfALinearNetwork) {
  test::expect_distances(test::run_of(CarliniWagner{}), Norm::l2, 1 - 1e-6, 1.02);
}

// On a linear network every logit of confidence takes another 1/|w| of distance.
TEST(CarliniWagner, ConfidenceIsKept) {
  const test::LinearClasses linear(2);
  const double confidence = 0.5;
  const CarliniWagner attack{.confidence = confidence};
  const auto results = run(attack, *linear.plan, linear.input(), {});
  for (int i = 0; i < 2; ++i) {
    const AttackedImage& result = results[static_cast<std::size_t>(i)];
    const int y = result.aim.label;
    EXPECT_GE(result.adversarial.loss, confidence);
    const double margin = linear.logit(i, y) - linear.logit(i, 1 - y);
    const double expected = linear.distance_to(Norm::l2, i, y, 1 - y) * (margin + confidence) / margin;
    EXPECT_GE(result.l2, expected * (1 - 1e-6));
    EXPECT_LE(result.l2, expected * 1.02);
  }
}

TEST(CarliniWagner, TargetedReachesTheTarget) {
  const test::LinearClasses linear(3);
  AttackInput input = linear.input();
  std::vector<int> targets;
  for (int i = 0; i < 2; ++i) {
    int label = 0;
    for (int j = 1; j < 3; ++j) label = linear.logit(i, j) > linear.logit(i, label) ? j : label;
    targets.push_back((label + 1) % 3);
  }
  input.targets = targets;
  const auto results = run(CarliniWagner{.goal = Goal::targeted}, *linear.plan, input, {});
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(results[i].adversarial.predicted, targets[i]);
}

// What stops falling leaves its round; another weight is tried all the same.
TEST(CarliniWagner, AbortingEarlySavesPassesAndLittleElse) {
  const auto plan = test::compile(test::small_network());
  const test::Images images({5, 3, 8, 8});
  const CarliniWagner attack{.binary_steps = 6};
  CarliniWagner patient = attack;
  patient.abort_early = false;
  const auto early = run(attack, *plan, images.input(), {});
  const auto full = run(patient, *plan, images.input(), {});
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(full[i].forward_passes, cost(attack).forward);
    EXPECT_LT(early[i].forward_passes, full[i].forward_passes);
    EXPECT_TRUE(early[i].adversarial.success);
    EXPECT_LE(early[i].l2, 1.1 * full[i].l2);
  }
}

TEST(CarliniWagner, DependsOnNoOtherImage) {
  test::expect_independent_of_the_batch(test::run_of(CarliniWagner{.binary_steps = 5, .steps = 30}));
}

TEST(CarliniWagner, IsControlledAndCostsNoMoreThanItSays) {
  const CarliniWagner attack{.binary_steps = 3, .steps = 10};
  test::expect_control_and_cost(test::run_of(attack), cost(attack));
}

TEST(CarliniWagner, ReturnsTheCleanImageWhereNothingFlips) {
  const CarliniWagner attack{.binary_steps = 9, .steps = 10};
  test::expect_clean_where_nothing_flips(test::run_of(attack), cost(attack));
}

TEST(CarliniWagner, TrivialCases) {
  test::expect_trivial_cases(CarliniWagner{.steps = 40}, Norm::l2);
}

TEST(CarliniWagner, IsTheCataloguesEntry) {
  test::expect_entry("cw-l2", {}, CarliniWagner{});
  test::expect_entry("cw-l2",
                     {"eps=0.5", "binary_steps=4", "steps=20", "step_size=0.02", "initial_weight=0.1",
                      "confidence=0.2", "abort_early=off"},
                     CarliniWagner{.binary_steps = 4,
                                   .steps = 20,
                                   .step_size = 0.02,
                                   .initial_weight = 0.1,
                                   .confidence = 0.2,
                                   .abort_early = false,
                                   .eps = static_cast<double>(0.5F)});
}

}  // namespace
}  // namespace faultline::attack
