#include "attack/parameters.h"

#include <gtest/gtest.h>

#include "attack/catalogue.h"
#include "expect_error.h"

namespace faultline::attack {
namespace {

TEST(Ball, EpsIsLimitedByTheNormAndHasADefaultInEach) {
  const auto ball = [](std::initializer_list<std::string_view> assignments) {
    return ball_of(attack_settings("fgsm", assignments));
  };
  EXPECT_EQ(ball({}).norm, Norm::linf);
  EXPECT_EQ(ball({}).eps, 4.0F / 255);
  EXPECT_EQ(ball({"norm=l2"}).norm, Norm::l2);
  EXPECT_EQ(ball({"norm=l2"}).eps, 1.0F);
  EXPECT_EQ(ball({"norm=l2", "eps=3"}).eps, 3.0F);
  EXPECT_EQ(ball({"eps=1"}).eps, 1.0F);
  faultline::test::expect_error([&] { ball({"eps=1.5"}); }, ErrorKind::usage,
                                "attack fgsm: eps: got '1.5', expected at most 1 for linf");
}

TEST(Objective, NamesAreTheEnumerators) {
  const auto objective = [](std::initializer_list<std::string_view> assignments) {
    return objective_of(attack_settings("fgsm", assignments));
  };
  EXPECT_EQ(objective({}).goal, Goal::untargeted);
  EXPECT_EQ(objective({"goal=targeted"}).goal, Goal::targeted);
  EXPECT_EQ(objective({"goal=boost"}).goal, Goal::boost);
  EXPECT_EQ(objective({}).loss, Loss::cross_entropy);
  EXPECT_EQ(objective({"loss=margin"}).loss, Loss::margin);
}

}  // namespace
}  // namespace faultline::attack
