#include "attack/fab.h"

#include "minimal.h"

namespace faultline::attack {
namespace {

constexpr std::array kNorms = {Norm::linf, Norm::l2};

// Steps that cross the boundary and go back by beta close in on it.
TEST(Fab, FindsTheBoundaryOfALinearNetwork) {
  for (const Norm norm : kNorms) {
    for (const bool by_target : {false, true}) {
      const Fab attack{.by_target = by_target, .norm = norm, .steps = 40};
      test::expect_distances(test::run_of(attack), norm, 1 - 1e-6, 1.006);
    }
  }
}

// With eta 1, every point lies on the boundary to rounding.
TEST(Fab, IsExactWithoutOvershoot) {
  for (const Norm norm : kNorms) {
    const Fab attack{.norm = norm, .steps = 10, .eta = 1.00001};
    test::expect_distances(test::run_of(attack), norm, 1 - 1e-6, 1.0001);
  }
}

TEST(Fab, TargetsAreTheLargestOtherLogitsInTurn) {
  const test::LinearClasses linear(7);
  for (const int classes : {2, 3, 7, 100}) {
    const Fab attack{.by_target = true, .norm = Norm::l2, .steps = 10, .classes = classes};
    const auto results = run(attack, *linear.plan, linear.input(), {});
    for (int i = 0; i < 2; ++i) {
      const AttackedImage& result = results[static_cast<std::size_t>(i)];
      std::vector<std::pair<double, int>> others;
      for (int j = 0; j < 7; ++j) {
        if (j != result.aim.label) others.emplace_back(-linear.logit(i, j), j);
      }
      std::ranges::sort(others);
      const int targets = std::min(classes - 1, 6);
      double nearest = 1e9;
      for (int t = 0; t < targets; ++t) {
        const int j = others[static_cast<std::size_t>(t)].second;
        nearest = std::min(nearest, linear.distance_to(Norm::l2, i, result.aim.label, j));
      }
      EXPECT_LE(result.l2, 1.01 * nearest) << classes;
      EXPECT_EQ(result.backward_passes, targets * 10);
      EXPECT_EQ(result.forward_passes, 1 + targets * 20);
    }
  }
}

// Within eps is enough: what has a success makes no further run, nor step if it stops early.
TEST(Fab, WithAnEpsFinishedImagesLeave) {
  const test::LinearClasses linear(7);
  Fab attack{.by_target = true, .norm = Norm::l2, .steps = 10, .eps = 10};
  const auto results = run(attack, *linear.plan, linear.input(), {});
  attack.early_stop = true;
  const auto early = run(attack, *linear.plan, linear.input(), {});
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(results[i].backward_passes, 10);
    EXPECT_EQ(early[i].backward_passes, 1);
    EXPECT_TRUE(early[i].adversarial.success);
    EXPECT_GT(early[i].l2, results[i].l2);
  }
}

TEST(Fab, RestartsNeverLoseWhatWasFound) {
  const auto plan = test::compile(test::small_network());
  const test::Images images({6, 3, 8, 8});
  for (const Norm norm : kNorms) {
    const Fab once{.norm = norm, .steps = 20};
    Fab often = once;
    often.restarts = 4;
    const auto one = run(once, *plan, images.input(), {});
    const auto four = run(often, *plan, images.input(), {});
    int nearer = 0;
    for (std::size_t i = 0; i < 6; ++i) {
      const double before = norm == Norm::l2 ? one[i].l2 : one[i].linf;
      const double after = norm == Norm::l2 ? four[i].l2 : four[i].linf;
      EXPECT_TRUE(four[i].adversarial.success);
      EXPECT_LE(after, before);
      nearer += after < before ? 1 : 0;
      EXPECT_EQ(four[i].backward_passes, 4 * one[i].backward_passes);
    }
    EXPECT_GT(nearer, 0);
  }
}

TEST(Fab, TargetedReachesTheTarget) {
  const test::LinearClasses linear(3);
  const auto clean = run(Fab{.steps = 1}, *linear.plan, linear.input(), {});
  std::vector<int> targets;
  for (const AttackedImage& result : clean) targets.push_back((result.aim.label + 1) % 3);
  AttackInput input = linear.input();
  input.targets = targets;
  const auto results = run(Fab{.goal = Goal::targeted, .steps = 30}, *linear.plan, input, {});
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(results[i].adversarial.predicted, targets[i]);
    EXPECT_TRUE(results[i].adversarial.success);
  }
}

TEST(Fab, DependsOnNoOtherImage) {
  for (const bool by_target : {false, true}) {
    for (const Norm norm : kNorms) {
      test::expect_independent_of_the_batch(
          test::run_of(Fab{.by_target = by_target, .norm = norm, .steps = 5, .restarts = 2}));
    }
  }
  test::expect_independent_of_the_batch(
      test::run_of(Fab{.by_target = true, .steps = 5, .eps = 0.03, .early_stop = true}));
}

TEST(Fab, IsControlledAndCostsNoMoreThanItSays) {
  for (const bool by_target : {false, true}) {
    const Fab attack{.by_target = by_target, .steps = 5, .classes = 5, .restarts = 2};
    test::expect_control_and_cost(test::run_of(attack), cost(attack));
  }
}

TEST(Fab, ReturnsTheCleanImageWhereNothingFlips) {
  for (const bool by_target : {false, true}) {
    for (const Norm norm : kNorms) {
      const Fab attack{.by_target = by_target, .norm = norm, .steps = 5, .classes = 2, .restarts = 2};
      test::expect_clean_where_nothing_flips(test::run_of(attack), cost(attack));
    }
  }
}

TEST(Fab, TrivialCases) {
  for (const bool by_target : {false, true}) {
    for (const Norm norm : kNorms) {
      test::expect_trivial_cases(Fab{.by_target = by_target, .norm = norm, .steps = 15}, norm);
    }
  }
}

TEST(Fab, IsTheCataloguesEntry) {
  test::expect_entry("fab", {}, Fab{});
  test::expect_entry("fab",
                     {"norm=l2", "eps=0.3", "steps=4", "classes=4", "restarts=2", "alpha_max=0.2", "eta=1.1",
                      "beta=0.8", "early_stop=on"},
                     Fab{.norm = Norm::l2,
                         .steps = 4,
                         .classes = 4,
                         .restarts = 2,
                         .alpha_max = 0.2,
                         .eta = 1.1,
                         .beta = 0.8,
                         .eps = static_cast<double>(0.3F),
                         .early_stop = true});
  test::expect_entry("fab-t", {}, Fab{.by_target = true});
  test::expect_entry("fab-t", {"norm=l2", "steps=3"}, Fab{.by_target = true, .norm = Norm::l2, .steps = 3});
}

}  // namespace
}  // namespace faultline::attack
