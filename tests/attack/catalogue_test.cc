#include "attack/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "expect_error.h"
#include "networks.h"

namespace faultline::attack {
namespace {

using faultline::test::expect_error;

TEST(Catalogue, MakesEveryAttackByItsName) {
  for (const AttackEntry& entry : attack_catalogue()) {
    EXPECT_EQ(make_attack(entry.name, {})->name(), entry.name);
  }
  expect_error([] { make_attack("pdg", {}); }, ErrorKind::usage,
               "unknown attack 'pdg'; expected one of: fgsm, bim, pgd");
}

TEST(Catalogue, OptionsReachTheAttack) {
  const test::Images images({3, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  const AttackOptions options{.ball = {Norm::linf, 0.02F}, .steps = 3, .step_size = 0.004F};
  const auto results = make_attack("bim", options)->run(*plan, images.input(), {});
  for (const AttackedImage& result : results) {
    EXPECT_EQ(result.steps, 3);
    EXPECT_NEAR(result.linf, 0.012, 1e-6);
  }
  EXPECT_EQ(make_attack("pgd", {.steps = 7, .restarts = 3})->cost().backward, 21);
  EXPECT_EQ(make_attack("pgd", {.random_start = false})->cost().forward, 12);
}

TEST(Catalogue, AttacksTellEverythingTheyDo) {
  for (const AttackEntry& entry : attack_catalogue()) {
    const AttackOptions options =
        make_attack(entry.name, {.ball = {Norm::l2, 0.5F}, .objective = {Goal::targeted, Loss::margin}})
            ->options();
    EXPECT_EQ(options.ball.norm, Norm::l2);
    EXPECT_EQ(options.ball.eps, 0.5F);
    EXPECT_EQ(options.objective.goal, Goal::targeted);
    EXPECT_EQ(options.objective.loss, Loss::margin);
    EXPECT_TRUE(options.steps && options.step_size && options.random_start && options.restarts &&
                options.early_stop)
        << entry.name;
  }
  EXPECT_EQ(make_attack("bim", {.steps = 7})->options().steps, 7);
  EXPECT_EQ(make_attack("pgd", {.step_size = 0.125F})->options().step_size, 0.125F);
}

TEST(Catalogue, OptionsWithoutMeaningAreRefused) {
  expect_error([] { make_attack("fgsm", {.steps = 3}); }, ErrorKind::usage, "fgsm takes no option 'steps'");
  expect_error([] { make_attack("fgsm", {.early_stop = true}); }, ErrorKind::usage,
               "fgsm takes no option 'early stop'");
  expect_error([] { make_attack("bim", {.restarts = 2}); }, ErrorKind::usage,
               "bim takes no option 'restarts'");
  expect_error([] { make_attack("bim", {.random_start = true}); }, ErrorKind::usage, "'random start'");
}

TEST(Catalogue, ValuesOutOfRangeAreRefused) {
  expect_error([] { make_attack("pgd", {.steps = 0}); }, ErrorKind::usage, "pgd: got 0 steps");
  expect_error([] { make_attack("pgd", {.restarts = 0}); }, ErrorKind::usage, "pgd: got 0 restarts");
  expect_error([] { make_attack("pgd", {.step_size = -1.0F}); }, ErrorKind::usage, "step size of -1");
  expect_error([] { make_attack("pgd", {.random_start = false, .restarts = 2}); }, ErrorKind::usage,
               "2 restarts without a random start");
  expect_error([] { make_attack("fgsm", {.ball = {Norm::linf, -1.0F}}); }, ErrorKind::usage, "-1");
}

}  // namespace
}  // namespace faultline::attack
