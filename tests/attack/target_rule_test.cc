#include "attack/target_rule.h"

#include <gtest/gtest.h>

#include <map>

#include "every_attack.h"
#include "expect_error.h"

namespace faultline::attack {
namespace {

using Kind = TargetRule::Kind;

TEST(TargetRule, RanksTheOtherClasses) {
  const std::vector<double> logits = {1, 5, 3, 3, -2};
  const RandomStream stream(1, "unused");
  const auto likely = [&](int rank, int label) { return target_of({.rank = rank}, logits, label, stream); };
  EXPECT_EQ(likely(1, 1), 2);  // of equal ones the first
  EXPECT_EQ(likely(2, 1), 3);
  EXPECT_EQ(likely(4, 1), 4);
  EXPECT_EQ(likely(1, 0), 1);
  EXPECT_EQ(target_of({.kind = Kind::least_likely}, logits, 1, stream), 4);
  EXPECT_EQ(target_of({.kind = Kind::least_likely}, logits, 4, stream), 0);
  EXPECT_THROW(likely(0, 1), ContractError);
  EXPECT_THROW(likely(5, 1), ContractError);
}

TEST(TargetRule, RandomTargetsAreUniformOverTheOthers) {
  const std::vector<double> logits(5);
  std::map<int, int> counts;
  for (int i = 0; i < 4000; ++i) {
    const RandomStream stream(7, "image" + std::to_string(i) + "/target");
    ++counts[target_of({.kind = Kind::random}, logits, 2, stream)];
  }
  EXPECT_EQ(counts.size(), 4U);
  EXPECT_FALSE(counts.contains(2));
  for (const auto& [target, count] : counts) EXPECT_NEAR(count, 1000, 5 * std::sqrt(4000 * 0.25 * 0.75));
}

TEST(TargetRule, GivesEveryAttackTheSameTargets) {
  const test::Images images({4, 3, 8, 8});
  for (const TargetRule rule :
       {TargetRule{.rank = 2}, TargetRule{.kind = Kind::least_likely}, TargetRule{.kind = Kind::random}}) {
    std::vector<int> first;
    int attacks = 0;
    test::for_every_attack([&](const Attack& attack, engine::Plan& plan) {
      if (!attack.settings().has("goal")) return;
      SCOPED_TRACE(attack.name());
      Settings settings = attack.settings();
      settings.set("goal", "targeted");
      AttackInput input = images.input();
      input.target_rule = rule;
      input.max_batch = 3;
      std::vector<int> targets;
      for (const AttackedImage& result : make_attack(settings)->run(plan, input, {})) {
        EXPECT_NE(result.aim.target, result.aim.label);
        EXPECT_EQ(result.adversarial.success, result.adversarial.predicted == result.aim.target);
        targets.push_back(result.aim.target);
      }
      if (attacks++ == 0) first = targets;
      EXPECT_EQ(targets, first);
    });
    EXPECT_GE(attacks, 15);
  }
}

TEST(TargetRule, RankBeyondTheClassesIsRefused) {
  const test::Images images({1, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  AttackInput input = images.input();
  input.target_rule = TargetRule{.rank = 5};
  faultline::test::expect_error([&] { make_attack("fgsm", {"goal=targeted"})->run(*plan, input, {}); },
                                ErrorKind::usage,
                                "no 5-th likely other class in this network, expected a rank of 1 to 4");
}

}  // namespace
}  // namespace faultline::attack
