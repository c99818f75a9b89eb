#include "attack/loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "attack/objective.h"
#include "base/error.h"

namespace faultline::attack {
namespace {

const std::vector<double> kLogits = {1.0, 3.0, -0.5, 3.0};

TEST(Loss, CrossEntropyIsMinusLogSoftmax) {
  const double sum = std::exp(1.0) + 2 * std::exp(3.0) + std::exp(-0.5);
  for (int y = 0; y < 4; ++y) {
    EXPECT_NEAR(loss_value(Loss::cross_entropy, kLogits, y),
                std::log(sum) - kLogits[static_cast<std::size_t>(y)], 1e-14);
  }
}

TEST(Loss, MarginIsTheLargestOtherMinusTheClass) {
  EXPECT_EQ(loss_value(Loss::margin, kLogits, 0), 2);
  EXPECT_EQ(loss_value(Loss::margin, kLogits, 1), 0);
  EXPECT_EQ(loss_value(Loss::margin, std::vector<double>{5, 1, 2}, 0), -3);
}

TEST(Loss, CrossEntropyOfASureNetworkIsNotRoundedAway) {
  const std::vector<double> sure = {300.0, 0.0, 0.0};
  EXPECT_NEAR(loss_value(Loss::cross_entropy, sure, 0) / (2 * std::exp(-300.0)), 1, 1e-12);
  EXPECT_EQ(loss_value(Loss::cross_entropy, std::vector<double>{0.0, 2000.0}, 0), 2000);
  std::vector<double> direction(3);
  loss_direction(Loss::cross_entropy, sure, 0, direction);
  EXPECT_EQ(direction, (std::vector<double>{-1, 0.5, 0.5}));
}

// Central differences of the value, divided by what the direction is said to be divided by.
TEST(Loss, DirectionIsTheGradientUpToThePositiveFactorNamed) {
  const std::vector<double> logits = {0.3, 1.2, -0.7, 0.9};
  for (const Loss loss : {Loss::cross_entropy, Loss::margin}) {
    for (int y = 0; y < 4; ++y) {
      std::vector<double> direction(4);
      loss_direction(loss, logits, y, direction);
      const double factor =
          loss == Loss::margin ? 1 : 1 - std::exp(-loss_value(Loss::cross_entropy, logits, y));
      for (std::size_t j = 0; j < 4; ++j) {
        std::vector<double> up = logits, down = logits;
        up[j] += 1e-5;
        down[j] -= 1e-5;
        const double slope = (loss_value(loss, up, y) - loss_value(loss, down, y)) / 2e-5;
        EXPECT_NEAR(factor * direction[j], slope, 1e-9);
      }
      EXPECT_NEAR(std::accumulate(direction.begin(), direction.end(), 0.0), 0, 1e-15);
    }
  }
}

TEST(Loss, ClassOutOfRangeIsABrokenContract) {
  EXPECT_THROW(loss_value(Loss::margin, kLogits, 4), ContractError);
  EXPECT_THROW(loss_value(Loss::margin, kLogits, -1), ContractError);
  EXPECT_THROW(loss_value(Loss::margin, std::vector<double>{1}, 0), ContractError);
}

TEST(Objective, SuccessAndScoreByGoal) {
  const Aim aim{.label = 1, .target = 0};
  const std::vector<double> kept = {1, 2}, flipped = {2, 1};
  EXPECT_FALSE(judge({Goal::untargeted, Loss::margin}, kept, aim).success);
  EXPECT_TRUE(judge({Goal::untargeted, Loss::margin}, flipped, aim).success);
  EXPECT_FALSE(judge({Goal::targeted, Loss::margin}, kept, aim).success);
  EXPECT_TRUE(judge({Goal::targeted, Loss::margin}, flipped, aim).success);
  EXPECT_TRUE(judge({Goal::boost, Loss::margin}, kept, aim).success);
  EXPECT_FALSE(judge({Goal::boost, Loss::margin}, flipped, aim).success);
  EXPECT_EQ(judge({Goal::untargeted, Loss::margin}, flipped, aim).score, 1);
  EXPECT_EQ(judge({Goal::targeted, Loss::margin}, flipped, aim).score, 1);
  EXPECT_EQ(judge({Goal::boost, Loss::margin}, flipped, aim).score, -1);
  EXPECT_EQ(judge({Goal::boost, Loss::margin}, flipped, aim).loss, 1);
}

TEST(Objective, SuccessBeatsAnyScore) {
  EXPECT_TRUE(better({.success = true, .score = -5}, {.success = false, .score = 5}));
  EXPECT_FALSE(better({.success = false, .score = 5}, {.success = true, .score = -5}));
  EXPECT_TRUE(better({.success = true, .score = 2}, {.success = true, .score = 1}));
  EXPECT_FALSE(better({.success = true, .score = 1}, {.success = true, .score = 1}));
}

}  // namespace
}  // namespace faultline::attack
