#include "study/conditions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "attack/catalogue.h"
#include "base/error.h"

namespace faultline::study {
namespace {

std::vector<std::string> names(const std::vector<Condition>& conditions) {
  std::vector<std::string> list;
  for (const Condition& each : conditions) list.push_back(each.row().name);
  return list;
}

TEST(Conditions, AreTheStrengthsOfEveryAttack) {
  const std::vector<StudiedAttack> attacks = {{.attack = attack::attack_settings("pgd")},
                                              {.attack = attack::attack_settings("pgd-l2", {"eps=0.5"})}};
  const auto conditions = conditions_of(attacks, 0, 0);
  EXPECT_EQ(names(conditions),
            (std::vector<std::string>{"pgd at eps*", "pgd at 2 eps*", "pgd at 4/255", "pgd-l2 at eps*",
                                      "pgd-l2 at 2 eps*", "pgd-l2 at 0.5"}));
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    EXPECT_EQ(conditions[i].number, static_cast<std::int64_t>(i));
    EXPECT_EQ(conditions[i].is_main, i == 1 || i == 4) << "2 eps*";
    EXPECT_EQ(conditions[i].row().attack_number, i < 3 ? 0 : 1);
  }
  EXPECT_EQ(conditions[2].row().eps, static_cast<double>(4.0F / 255));
  EXPECT_EQ(conditions[0].row().eps, std::nullopt);
}

TEST(Conditions, SweepFixedStrengths) {
  const std::vector<StudiedAttack> attacks = {
      {.attack = attack::attack_settings("fgsm"),
       .regimes = {.critical = false, .doubled = false, .eps = {2.0F / 255, 0.05F}}}};
  const auto conditions = conditions_of(attacks, 2, 7);
  EXPECT_EQ(names(conditions), (std::vector<std::string>{"fgsm at 2/255 (twin 2)", "fgsm at 0.05 (twin 2)"}));
  EXPECT_EQ(conditions[0].number, 7);
  EXPECT_EQ(conditions[1].number, 8);
  EXPECT_TRUE(conditions[1].is_main) << "the last fixed one";
  EXPECT_FLOAT_EQ(conditions[1].attack.pixels("eps"), 0.05F);
}

TEST(Conditions, AreOfEachAttackTheStrengthsItIsGiven) {
  const std::vector<StudiedAttack> attacks = {
      {.attack = attack::attack_settings("pgd")},
      {.attack = attack::attack_settings("fgsm"), .regimes = {.critical = false, .fixed = false}}};
  const auto conditions = conditions_of(attacks, 0, 0);
  EXPECT_EQ(names(conditions),
            (std::vector<std::string>{"pgd at eps*", "pgd at 2 eps*", "pgd at 4/255", "fgsm at 2 eps*"}));
  EXPECT_TRUE(conditions[3].is_main);
}

// What looks for the smallest perturbation by itself has no strength to be given.
TEST(Conditions, OfMinimalNormAttacksAreOne) {
  const std::vector<StudiedAttack> attacks = {{.attack = attack::attack_settings("deepfool")}};
  const auto conditions = conditions_of(attacks, 0, 0);
  EXPECT_EQ(names(conditions), std::vector<std::string>{"deepfool"});
  EXPECT_EQ(conditions[0].row().regime, "fixed");
  EXPECT_TRUE(conditions[0].is_main);
}

TEST(Conditions, NoneIsRefused) {
  const std::vector<StudiedAttack> attacks = {
      {.attack = attack::attack_settings("pgd"),
       .regimes = {.critical = false, .doubled = false, .fixed = false}}};
  EXPECT_THROW(conditions_of(attacks, 0, 0), Error);
}

TEST(Conditions, BracketsAreOfTheNorm) {
  EXPECT_FLOAT_EQ(eps_bracket(attack::attack_settings("ni-fgsm")).largest, 64.0F / 255);
  EXPECT_FLOAT_EQ(eps_bracket(attack::attack_settings("pgd-l2")).largest, 64);
  EXPECT_FLOAT_EQ(eps_bracket(attack::attack_settings("fgsm", {"norm=l2"})).least, 1.0F / 16);
}

TEST(Conditions, GivenOnesHaveNoAttack) {
  EXPECT_EQ(given_condition().row().name, "given");
  EXPECT_EQ(given_condition(2).row().name, "given (twin 2)");
  EXPECT_EQ(given_condition(2).row().condition, 2);
}

}  // namespace
}  // namespace faultline::study
