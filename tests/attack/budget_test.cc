#include "attack/budget.h"

#include <gtest/gtest.h>

#include "every_attack.h"
#include "expect_error.h"

namespace faultline::attack {
namespace {

using faultline::test::expect_error;

std::int64_t passes(const Settings& settings) {
  const PassCount most = make_attack(settings)->cost();
  return most.forward + most.backward;
}

TEST(Budget, OfEveryAttackWithStepsIsUsedUpAndNotExceeded) {
  int attacks = 0;
  for (const AttackEntry& entry : attack_catalogue()) {
    Settings settings = attack_settings(entry.name);
    const bool has_steps = settings.has("steps");
    if (has_steps == settings.has("queries")) continue;
    SCOPED_TRACE(entry.name);
    ++attacks;
    const char* const parameter = has_steps ? "steps" : "queries";
    settings.set(parameter, 40);
    const std::int64_t allowed = passes(settings) - 1;
    Settings fitting = within_passes(settings, allowed);
    EXPECT_LE(passes(fitting), allowed);
    EXPECT_LT(fitting.integer(parameter), 40);
    fitting.set(parameter, fitting.integer(parameter) + 1);
    EXPECT_GT(passes(fitting), allowed);
    EXPECT_EQ(within_passes(settings, allowed + 1).integer(parameter), 40);  // never raised
  }
  EXPECT_GE(attacks, 18);
}

TEST(Budget, ThatNoStepFitsIsRefused) {
  expect_error([] { within_passes(attack_settings("pgd"), 3); }, ErrorKind::usage,
               "attack pgd takes up to 5 passes a picture, not 3, and fewer than one step is none");
  expect_error([] { within_passes(attack_settings("fgsm"), 3); }, ErrorKind::usage,
               "attack fgsm takes up to 4 passes a picture, not 3, and has no number of steps to lower");
  expect_error([] { within_passes(attack_settings("autoattack"), 100); }, ErrorKind::usage,
               "has two numbers to lower: set steps and queries");
  EXPECT_EQ(within_passes(attack_settings("fgsm"), 4).name(), "fgsm");
}

// What is there when the time is up is a result: at the deadline's worst, the clean image.
TEST(Budget, ADeadlineEndsEveryAttackWithWhatItHas) {
  const test::Images images({4, 3, 8, 8});
  AttackInput input = images.input();
  input.guides = images.pixels;
  input.max_batch = 3;
  test::for_every_attack([&](const Attack& attack, engine::Plan& plan) {
    SCOPED_TRACE(attack.name());
    input.deadline = std::chrono::steady_clock::now();
    for (const AttackedImage& result : attack.run(plan, input, {})) {
      EXPECT_EQ(result.backward_passes, 0);
      EXPECT_LE(result.forward_passes, 12);  // a few passes of starts; far from those of the steps
      EXPECT_EQ(result.steps, 0);
      EXPECT_EQ(result.image.shape(), (Shape{3, 8, 8}));
    }
    input.deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
    const auto in_time = attack.run(plan, input, {});
    input.deadline.reset();
    const auto without = attack.run(plan, input, {});
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(in_time[i].forward_passes, without[i].forward_passes);
      EXPECT_EQ(in_time[i].adversarial.loss, without[i].adversarial.loss);
    }
  });
}

// The deadline passes during the run: verdicts are of the images that are returned.
TEST(Budget, ADeadlineBetweenTwoStepsLeavesVerdictsOfTheResult) {
  const test::Images images({3, 3, 8, 8});
  for (const char* name : {"pgd", "ni-fgsm", "di-fgsm", "mi-fgsm", "apgd-ce", "square", "layer"}) {
    SCOPED_TRACE(name);
    Settings settings = attack_settings(name);
    settings.set(settings.has("steps") ? "steps" : "queries", 1'000'000);
    const auto attack = make_attack(settings);
    const net::Graph graph = test::small_network();
    const auto plan = engine::make_engine("reference")->compile(graph, {.observed = attack->observed(graph)});
    AttackInput input = images.input();
    input.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(60);
    const auto results = attack->run(*plan, input, {});
    for (std::size_t i = 0; i < 3; ++i) {
      const auto pass = plan->forward(results[i].image.view().reshaped({1, 3, 8, 8}));
      const Verdict expected = judge({}, pass->logits().row(0).values(), results[i].aim);
      EXPECT_EQ(results[i].adversarial.predicted, expected.predicted);
      EXPECT_EQ(results[i].adversarial.success, expected.success);
      EXPECT_LT(results[i].steps, 1'000'000);
    }
  }
}

}  // namespace
}  // namespace faultline::attack
