#include "attack/fmn.h"

#include "minimal.h"

namespace faultline::attack {
namespace {

constexpr std::array kNorms = {Norm::linf, Norm::l2, Norm::l1, Norm::l0};

TEST(Fmn, ComesNearTheBoundaryOfALinearNetwork) {
  test::expect_distances(test::run_of(Fmn{.norm = Norm::l2}), Norm::l2, 1 - 1e-6, 1.02);
  test::expect_distances(test::run_of(Fmn{.norm = Norm::linf, .steps = 300}), Norm::linf, 1 - 1e-6, 1.1);
}

TEST(Fmn, L1ComesNearTheBoundaryWithinTheBox) {
  const test::LinearClasses linear(2);
  const auto results = run(Fmn{.norm = Norm::l1, .steps = 300}, *linear.plan, linear.input(), {});
  for (int i = 0; i < 2; ++i) {
    const AttackedImage& result = results[static_cast<std::size_t>(i)];
    const double size = distance(Norm::l1, linear.images.view().row(i), result.image);
    const double expected = linear.l1_distance_in_box(i, result.aim.label, 1 - result.aim.label);
    EXPECT_GE(size, expected * (1 - 1e-6));
    EXPECT_LE(size, expected * 1.1);
  }
}

// At least as many values as suffice when each goes to its bound, the best first.
TEST(Fmn, L0IsNearTheFewestValuesThatSuffice) {
  const test::LinearClasses linear(2);
  const auto results = run(Fmn{.norm = Norm::l0, .steps = 300}, *linear.plan, linear.input(), {});
  for (int i = 0; i < 2; ++i) {
    const AttackedImage& result = results[static_cast<std::size_t>(i)];
    const int y = result.aim.label;
    std::vector<double> gains;
    for (std::int64_t at = 0; at < 48; ++at) {
      const double w = static_cast<double>(linear.weights[(1 - y) * 48 + at]) -
                       static_cast<double>(linear.weights[y * 48 + at]);
      const auto x = static_cast<double>(linear.images[i * 48 + at]);
      gains.push_back(std::abs(w) * (w > 0 ? 1 - x : x));
    }
    std::ranges::sort(gains, std::greater());
    double left = linear.logit(i, y) - linear.logit(i, 1 - y);
    int fewest = 0;
    for (const double gain : gains) {
      if (left <= 0) break;
      left -= gain;
      ++fewest;
    }
    const double count = distance(Norm::l0, linear.images.view().row(i), result.image);
    EXPECT_TRUE(result.adversarial.success);
    EXPECT_GE(count, fewest);
    EXPECT_LE(count, fewest + 1);
  }
}

TEST(Fmn, TargetedReachesTheTarget) {
  const auto plan = test::compile(test::small_network());
  const test::Images images({5, 3, 8, 8});
  const std::vector<int> targets = {0, 1, 2, 3, 4};
  for (const Norm norm : kNorms) {
    const auto results = run(Fmn{.norm = norm, .goal = Goal::targeted}, *plan, images.input(targets), {});
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(results[i].adversarial.predicted, targets[i]);
  }
}

TEST(Fmn, DependsOnNoOtherImage) {
  for (const Norm norm : kNorms) {
    test::expect_independent_of_the_batch(test::run_of(Fmn{.norm = norm, .steps = 20}));
  }
}

TEST(Fmn, IsControlledAndCostsNoMoreThanItSays) {
  const Fmn attack{.steps = 8};
  test::expect_control_and_cost(test::run_of(attack), cost(attack));
}

TEST(Fmn, ReturnsTheCleanImageWhereNothingFlips) {
  for (const Norm norm : kNorms) {
    const Fmn attack{.norm = norm, .steps = 30};
    test::expect_clean_where_nothing_flips(test::run_of(attack), cost(attack));
  }
}

TEST(Fmn, TrivialCases) {
  for (const Norm norm : kNorms) test::expect_trivial_cases(Fmn{.norm = norm}, norm);
}

TEST(Fmn, IsTheCataloguesEntry) {
  test::expect_entry("fmn", {}, Fmn{});
  test::expect_entry(
      "fmn", {"norm=l1", "eps=0.5", "steps=20", "step_size=0.5", "gamma=0.1"},
      Fmn{.norm = Norm::l1, .steps = 20, .step_size = 0.5, .gamma = 0.1, .eps = static_cast<double>(0.5F)});
}

}  // namespace
}  // namespace faultline::attack
