#include "attack/apgd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include "attack/apgd_step_size.h"
#include "expect_error.h"
#include "networks.h"

namespace faultline::attack {
namespace {

const Ball kSmall{Norm::linf, 2.0F / 255};

std::vector<AttackedImage> run_on_small(const Apgd& apgd, const AttackInput& input) {
  return run(apgd, *test::compile(test::small_network()), input, {});
}

Apgd ce(const Ball& ball, int steps) {
  return {.name = "apgd-ce", .ball = ball, .steps = steps};
}

Apgd towards(const Ball& ball, int steps, int targets) {
  return {.name = "apgd-t", .ball = ball, .targets = targets, .steps = steps};
}

void expect_same(const AttackedImage& a, const AttackedImage& b) {
  EXPECT_TRUE(std::ranges::equal(a.image.values(), b.image.values()));
  EXPECT_EQ(a.adversarial.loss, b.adversarial.loss);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_EQ(a.restart, b.restart);
  EXPECT_EQ(a.forward_passes, b.forward_passes);
  EXPECT_EQ(a.backward_passes, b.backward_passes);
}

TEST(ApgdCheckpoints, AreTheOfficialOnes) {
  EXPECT_EQ(apgd_checkpoints(100), (std::vector<int>{22, 41, 57, 70, 80, 87, 93, 99}));
  EXPECT_EQ(apgd_checkpoints(20), (std::vector<int>{4, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}));
  EXPECT_EQ(apgd_checkpoints(1), std::vector<int>{1});
}

// N = 20: windows of 4, 3, 2, 1, ... steps; rho 0.75.
TEST(ApgdStepSize, IsHalvedWhereTheScoreRoseTooRarely) {
  ApgdStepSize size(20, 0.75, 2);
  for (const double score : {1.0, 2.0, 3.0}) EXPECT_FALSE(size.record(score, score));
  EXPECT_TRUE(size.record(2.5, 3));  // 3 rises of 4, counting the first, are not more than 0.75 * 4
  EXPECT_EQ(size.value(), 1);
  // All three rise, but the best is what it was: not halved, as it was halved just before.
  EXPECT_FALSE(size.record(2.6, 3));
  EXPECT_FALSE(size.record(2.7, 3));
  EXPECT_FALSE(size.record(2.8, 3));
  // Rises twice in two, but the best is still what it was, and now that counts.
  EXPECT_FALSE(size.record(2.85, 3));
  EXPECT_TRUE(size.record(2.9, 3));
  EXPECT_EQ(size.value(), 0.5);
  EXPECT_FALSE(size.record(3.5, 3.5));
  EXPECT_EQ(size.value(), 0.5);
}

TEST(ApgdStepSize, TheFirstStepRisesIfItsScoreIsAboveZero) {
  ApgdStepSize above(20, 0.75, 2);
  ApgdStepSize below(20, 0.75, 2);
  for (int i = 1; i <= 4; ++i) {
    EXPECT_FALSE(above.record(i, i));
    EXPECT_EQ(below.record(i - 10, i - 10), i == 4);
  }
}

// One more step on the same path: what is kept of an image without success is its best point.
TEST(Apgd, TheBestLossNeverFallsAsStepsGoOn) {
  const test::Images images({6, 3, 8, 8});
  for (const Ball ball : {Ball{Norm::linf, 1.0F / 255}, Ball{Norm::l2, 0.02F}}) {
    std::vector<double> best(6, -1e9);
    int rises = 0;
    int failures = 0;
    for (int steps = 1; steps <= 8; ++steps) {  // all with windows of one step: the same path
      const auto results = run_on_small(ce(ball, steps), images.input());
      for (std::size_t i = 0; i < 6; ++i) {
        if (results[i].adversarial.success) continue;
        ++failures;
        EXPECT_GE(results[i].adversarial.score, best[i]);
        rises += results[i].adversarial.score > best[i] ? 1 : 0;
        best[i] = results[i].adversarial.score;
      }
    }
    EXPECT_GT(failures, 12);
    EXPECT_GT(rises, 12);
  }
}

TEST(Apgd, StaysInTheBallAndTheRange) {
  const test::Images images({4, 3, 8, 8});
  for (const float eps : {0.0F, 0.5F / 255, 8.0F / 255, 1.0F}) {
    for (const Norm norm : {Norm::linf, Norm::l2}) {
      for (const Apgd& apgd : {ce({norm, eps}, 9), towards({norm, eps}, 5, 2)}) {
        for (const AttackedImage& result : run_on_small(apgd, images.input())) {
          EXPECT_LE(norm == Norm::linf ? result.linf : result.l2, static_cast<double>(eps));
          EXPECT_GE(*std::ranges::min_element(result.image.values()), 0);
          EXPECT_LE(*std::ranges::max_element(result.image.values()), 1);
        }
      }
    }
  }
}

TEST(Apgd, AHundredStepsCostAtMost101ForwardAndBackwardPasses) {
  const test::Images images({6, 3, 8, 8});
  EXPECT_EQ(cost(ce(kSmall, 100)).forward, 2 + 101);
  EXPECT_EQ(cost(ce(kSmall, 100)).backward, 100);
  EXPECT_EQ(cost(towards(kSmall, 100, 9)).forward, 2 + 9 * 101);
  for (const AttackedImage& result : run_on_small(ce(kSmall, 100), images.input())) {
    EXPECT_EQ(result.forward_passes, 2 + 101);  // with the clean and the rounded pass
    EXPECT_LE(result.backward_passes, 100);
    EXPECT_GE(result.backward_passes, 100 - 8);  // the best point's gradient is used again
  }
}

TEST(Apgd, AnImageThatIsWrongFromTheStartIsLeftAlone) {
  const test::Images images({2, 3, 8, 8});
  const auto clean = run_on_small(ce(kSmall, 1), images.input());
  const std::vector<int> labels = {clean[0].clean.predicted, (clean[1].clean.predicted + 1) % 5};
  AttackInput input = images.input();
  input.labels = labels;
  for (const Apgd& apgd : {ce(kSmall, 5), towards(kSmall, 5, 3)}) {
    const auto results = run_on_small(apgd, input);
    EXPECT_EQ(results[1].linf, 0);
    EXPECT_TRUE(results[1].adversarial.success);
    EXPECT_EQ(results[1].forward_passes, 2);
    EXPECT_EQ(results[1].backward_passes, 0);
    EXPECT_GT(results[0].forward_passes, 2);
  }
}

// z = W x + b for images [3,4,4].
net::Graph affine_network(Tensor weights, Tensor bias) {
  net::Graph graph = test::linear_network({3, 4, 4}, std::move(weights));
  const net::NodeId b = graph.add_constant("b", std::move(bias));
  graph.set_output(graph.add("biased", net::Gemm{.transpose_b = true},
                             {graph.find("flat").value(), graph.find("w").value(), b}));
  return graph;
}

// Class 1 is always 0.1 behind class 0; class 2, the third, rises by the sum of the perturbation. So the run
// towards class 1 fails, the one towards class 2 ends in the corner of the ball, and none comes after it.
TEST(Apgd, RunsGoTowardsTheLargestOtherLogitsInTurnUntilOneSucceeds) {
  Tensor weights({5, 48});
  std::ranges::fill(weights.row(2).values(), 1.0F);
  const auto plan = test::compile(affine_network(weights, Tensor({5}, {1, 0.9F, -23.5F, -10, -20})));
  Tensor image({1, 3, 4, 4});
  std::ranges::fill(image.values(), 0.5F);
  const std::vector<std::string> keys = {"a"};
  Apgd apgd = towards({Norm::linf, 0.03125F}, 6, 9);
  apgd.restarts = 2;
  const auto result = std::move(run(apgd, *plan, {.images = image, .keys = keys}, {})[0]);
  EXPECT_EQ(result.clean.predicted, 0);
  EXPECT_EQ(result.adversarial.predicted, 2);
  EXPECT_EQ(result.restart, 2);  // the first of the second target
  EXPECT_EQ(result.forward_passes, 2 + 3 * 7);
  for (const float value : result.image.values()) EXPECT_EQ(value, 0.53125F);
}

// A network that gives every image the same logits leaves nothing to find.
TEST(Apgd, WithoutSuccessEveryRunIsMade) {
  const auto plan = test::compile(affine_network(Tensor({5, 48}), Tensor({5}, {5, 4, 3, 2, 1})));
  const test::Images images({2, 3, 4, 4});
  Apgd apgd = towards(kSmall, 3, 9);
  apgd.restarts = 2;
  for (const AttackedImage& result : run(apgd, *plan, images.input(), {})) {
    EXPECT_FALSE(result.adversarial.success);
    EXPECT_EQ(result.forward_passes, 2 + 4 * 2 * 4);  // there are four other classes
  }
}

TEST(Apgd, ResultsDependOnNoBatchAndNoOrder) {
  const test::Images images({9, 3, 8, 8});
  const test::Images reversed = images.reversed();
  Apgd restarted = ce(kSmall, 12);
  restarted.restarts = 2;
  for (const Apgd& apgd : {restarted, towards({Norm::l2, 0.03F}, 8, 3)}) {
    const auto whole = run_on_small(apgd, images.input());
    AttackInput input = reversed.input();
    input.max_batch = 4;
    const auto others = run_on_small(apgd, input);
    for (std::size_t i = 0; i < 9; ++i) expect_same(whole[i], others[8 - i]);
  }
}

TEST(Apgd, BoostLowersTheLossAndUsesAllRuns) {
  const test::Images images({4, 3, 8, 8});
  Apgd boost = ce({Norm::linf, 8.0F / 255}, 10);
  boost.objective.goal = Goal::boost;
  boost.restarts = 2;
  for (const AttackedImage& result : run_on_small(boost, images.input())) {
    EXPECT_LT(result.adversarial.loss, result.clean.loss);
    EXPECT_TRUE(result.adversarial.success);
    EXPECT_EQ(result.forward_passes, cost(boost).forward);
  }
}

TEST(Apgd, TargetedGoalReachesTheTarget) {
  const test::Images images({4, 3, 8, 8});
  const auto clean = run_on_small(ce(kSmall, 1), images.input());
  std::vector<int> targets;
  for (const AttackedImage& result : clean) targets.push_back((result.clean.predicted + 2) % 5);
  Apgd targeted = ce({Norm::linf, 32.0F / 255}, 30);
  for (const Loss loss : {Loss::cross_entropy, Loss::dlr}) {
    targeted.objective = {.goal = Goal::targeted, .loss = loss};
    const auto results = run_on_small(targeted, images.input(targets));
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(results[i].adversarial.predicted, targets[i]) << static_cast<int>(loss);
    }
  }
}

// z_0 does not depend on the image, and the others are always below it: nothing to find, nothing to divide
// by.
TEST(Apgd, ANetworkThatNeverFlipsGivesNoSuccessAndNoNan) {
  const auto plan = test::compile(affine_network(Tensor({5, 48}), Tensor({5}, {5, 1, 1, 1, 1})));
  const test::Images images({2, 3, 4, 4});
  Apgd dlr = ce(kSmall, 6);
  dlr.objective.loss = Loss::dlr;
  for (const Apgd& apgd : {ce(kSmall, 6), dlr, towards(kSmall, 6, 9)}) {
    for (const AttackedImage& result : run(apgd, *plan, images.input(), {})) {
      EXPECT_FALSE(result.adversarial.success);
      EXPECT_TRUE(std::isfinite(result.adversarial.score));
      EXPECT_TRUE(std::ranges::all_of(result.image.values(), [](float v) { return v >= 0 && v <= 1; }));
    }
  }
}

TEST(Apgd, TooFewClassesForARatioAreRefused) {
  const auto plan = test::compile(test::linear_network({3, 4, 4}, test::random_tensor({3, 48}, "w", 1)));
  const test::Images images({1, 3, 4, 4});
  faultline::test::expect_error([&] { run(towards(kSmall, 2, 9), *plan, images.input(), {}); },
                                ErrorKind::usage, "apgd-t got a network of 3 classes, expected at least 4");
}

TEST(Apgd, ProgressRisesToTheTotalAndAStopIsObeyed) {
  const test::Images images({5, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  AttackInput input = images.input();
  input.max_batch = 2;
  const Apgd apgd = towards(kSmall, 4, 3);
  std::atomic<bool> stop = false;
  std::int64_t last = -1;
  const RunControl counting(
      [&](const Progress& progress) {
        EXPECT_GE(progress.done, last);
        EXPECT_EQ(progress.total, 3 * 3 * 4);
        last = progress.done;
      },
      &stop);
  run(apgd, *plan, input, counting);
  EXPECT_EQ(last, 36);
  const RunControl stopping([&](const Progress& progress) { stop = progress.done == 2; }, &stop);
  faultline::test::expect_error([&] { run(apgd, *plan, input, stopping); }, ErrorKind::interrupted,
                                "stopped");
}

}  // namespace
}  // namespace faultline::attack
