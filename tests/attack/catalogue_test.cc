#include "attack/catalogue.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "expect_parameters.h"
#include "networks.h"

namespace faultline::attack {
namespace {

using faultline::test::expect_error;

TEST(Catalogue, MakesEveryAttackByItsNameWithItsDefaults) {
  for (const AttackEntry& entry : attack_catalogue()) {
    SCOPED_TRACE(entry.name);
    faultline::test::expect_sound_parameters("attack", entry.name, entry.parameters);
    EXPECT_EQ(make_attack(entry.name)->name(), entry.name);
    EXPECT_FALSE(entry.summary.empty() || entry.source.empty());
  }
  expect_error([] { make_attack("pdg"); }, ErrorKind::usage,
               "unknown attack 'pdg'; expected one of: fgsm, bim, pgd");
}

TEST(Catalogue, SettingsReachTheAttack) {
  const test::Images images({3, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  const auto results =
      make_attack("bim", {"eps=0.02", "steps=3", "step_size=0.004"})->run(*plan, images.input(), {});
  for (const AttackedImage& result : results) {
    EXPECT_EQ(result.steps, 3);
    EXPECT_NEAR(result.linf, 0.012, 1e-6);
  }
  EXPECT_EQ(make_attack("pgd", {"steps=7", "restarts=3"})->cost().backward, 21);
  EXPECT_EQ(make_attack("pgd", {"random_start=off"})->cost().forward, 12);
}

TEST(Catalogue, StepSizesFollowEpsAndSteps) {
  EXPECT_EQ(make_attack("bim", {"eps=1/64", "steps=4"})->settings().pixels("step_size"), 1.0F / 256);
  EXPECT_EQ(make_attack("pgd", {"steps=10", "eps=1/64"})->settings().pixels("step_size"), 1.0F / 256);
  EXPECT_EQ(make_attack("pgd", {"step_size=0.125"})->settings().pixels("step_size"), 0.125F);
}

TEST(Catalogue, ParametersThatAnAttackDoesNotTakeAreRefused) {
  expect_error([] { make_attack("fgsm", {"steps=3"}); }, ErrorKind::usage,
               "attack fgsm: no parameter 'steps'; its parameters are norm (choice, linf, l2; default linf)");
  expect_error([] { make_attack("bim", {"restarts=2"}); }, ErrorKind::usage, "no parameter 'restarts'");
}

TEST(Catalogue, ValuesOutOfRangeAreRefused) {
  expect_error([] { make_attack("pgd", {"steps=0"}); }, ErrorKind::usage,
               "attack pgd: steps: got '0', expected an integer, 1 to 1000000; its parameters are");
  expect_error([] { make_attack("pgd", {"step_size=-1"}); }, ErrorKind::usage, "step_size: got '-1'");
  expect_error(
      [] {
        make_attack("pgd", {"random_start=off", "restarts=2"});
      },
      ErrorKind::usage, "restarts: got '2', expected 1 without a random start");
}

}  // namespace
}  // namespace faultline::attack
