#include "findings/attack_outcome.h"

#include <gtest/gtest.h>

#include "synthetic.h"

namespace faultline::findings {
namespace {

struct Attacked {
  StoredRun run = test::chain({1});
  ConditionEvidence of = test::evidence(10);

  Attacked() {
    test::list_images(run, 12);
    for (auto& image : run.images) image.true_class = image.predicted_class = 1;
    // The last two were never attacked: one got it wrong, one could not be read.
    run.images[10].status = "misclassified";
    run.images[10].predicted_class = 2;
    run.images[11].status = "unreadable";
    run.images[11].predicted_class.reset();
    for (std::size_t i = 0; i < 10; ++i) {
      auto& attack = of.images[i].attack;
      attack.made = i < 9;
      attack.success = i < 6;
      attack.success_rounded = i < 4 || i == 8;
      if (i < 9) attack.critical_eps = 0.01 * static_cast<double>(i + 1);
      attack.l2 = static_cast<double>(i);
    }
  }
};

TEST(AttackOutcome, CountsAndShares) {
  const Attacked attacked;
  const AttackOutcome outcome = attack_outcome(attacked.run, attacked.of);
  EXPECT_EQ(outcome.counts.images, 10U);
  EXPECT_EQ(outcome.counts.made, 9U);
  EXPECT_EQ(outcome.counts.flipped, 6U);
  EXPECT_EQ(outcome.counts.stored, 4U);
  EXPECT_EQ(outcome.counts.rounding, 3U);  // images 4, 5 and 8
  EXPECT_DOUBLE_EQ(outcome.success.estimate->value, 0.6);
  EXPECT_DOUBLE_EQ(outcome.stored_success.estimate->value, 0.4);
  EXPECT_NEAR(outcome.success.estimate->interval->lower, 0.3127, 1e-4);  // Wilson, 6 of 10
}

TEST(AttackOutcome, AccuracyCountsWhatTheModelGotWrong) {
  const Attacked attacked;
  EXPECT_DOUBLE_EQ(clean_accuracy(attacked.run).estimate->value, 10.0 / 11);
  const AttackOutcome outcome = attack_outcome(attacked.run, attacked.of);
  EXPECT_DOUBLE_EQ(outcome.accuracy.estimate->value, 4.0 / 11);
  EXPECT_EQ(outcome.accuracy.n, 11U);
  StoredRun unlabelled = attacked.run;
  for (auto& image : unlabelled.images) image.true_class.reset();
  EXPECT_EQ(clean_accuracy(unlabelled).n, 0U);
  EXPECT_FALSE(attack_outcome(unlabelled, attacked.of).accuracy.estimate);
}

TEST(AttackOutcome, CriticalStrengthIsCensoredWhereNothingWasFound) {
  Attacked attacked;
  const AttackOutcome outcome = attack_outcome(attacked.run, attacked.of);
  EXPECT_EQ(outcome.critical_eps.n, 10U);
  EXPECT_EQ(outcome.critical_eps.censored, 1U);
  EXPECT_DOUBLE_EQ(*outcome.critical_eps.value, 0.055);
  EXPECT_EQ(outcome.l2.n, 9U);
  EXPECT_DOUBLE_EQ(*outcome.l2.value, 4);
  attacked.of.condition.regime = "fixed";
  EXPECT_EQ(attack_outcome(attacked.run, attacked.of).critical_eps.n, 0U);
}

TEST(AttackOutcome, CriticalStrengthIsAtMostTheLeastThatWasTried) {
  Attacked attacked;
  const auto fails_at = [&](std::size_t image, double eps) {
    attacked.of.images[image].attack.critical_fails_at = eps;
  };
  for (std::size_t i = 0; i < 9; ++i) fails_at(i, 0.005);
  fails_at(9, 0.25);  // and no larger was tried
  EXPECT_FALSE(attack_outcome(attacked.run, attacked.of).critical_eps.floor);
  EXPECT_EQ(attack_outcome(attacked.run, attacked.of).critical_eps.limit, 0.25);
  fails_at(0, 0);
  fails_at(1, 0);
  const AttackOutcome outcome = attack_outcome(attacked.run, attacked.of);
  EXPECT_EQ(outcome.critical_eps.floor, 0.02);
  EXPECT_EQ(outcome.critical_eps.at_floor, 2U);
  EXPECT_EQ(outcome.counts.at_floor, 2U);
  EXPECT_DOUBLE_EQ(*outcome.critical_eps.value, 0.055);
  EXPECT_TRUE(outcome.critical_eps.at_most(0.02));
  EXPECT_FALSE(outcome.critical_eps.at_most(0.055));
}

TEST(AttackOutcome, OfNoImages) {
  const AttackOutcome outcome = attack_outcome(StoredRun{}, test::evidence(0));
  EXPECT_FALSE(outcome.success.estimate);
  EXPECT_FALSE(outcome.critical_eps.value);
}

}  // namespace
}  // namespace faultline::findings
