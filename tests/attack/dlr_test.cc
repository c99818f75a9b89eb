#include "attack/dlr.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "attack/loss.h"
#include "base/error.h"

namespace faultline::attack {
namespace {

const std::vector<double> kLogits = {1, 5, -2, 4, 2};  // sorted: classes 1, 3, 4, 0, 2

TEST(Dlr, IsTheMarginOverTheGapFromFirstToThird) {
  EXPECT_NEAR(dlr(kLogits, 1), (4.0 - 5) / (5 - 2), 1e-12);
  EXPECT_NEAR(dlr(kLogits, 3), (5.0 - 4) / (5 - 2), 1e-12);
  EXPECT_NEAR(dlr(kLogits, 2), (5.0 + 2) / (5 - 2), 1e-12);
  EXPECT_EQ(loss_value(Loss::dlr, kLogits, 1), dlr(kLogits, 1));
}

TEST(Dlr, TargetedDividesByTheGapToTheMeanOfThirdAndFourth) {
  EXPECT_NEAR(targeted_dlr(kLogits, 1, 3), (4.0 - 5) / (5 - 1.5), 1e-12);
  EXPECT_NEAR(targeted_dlr(kLogits, 1, 2), (-2.0 - 5) / (5 - 1.5), 1e-12);
}

TEST(Dlr, NeitherAShiftNorAFactorChangesIt) {
  std::vector<double> other;
  for (const double z : kLogits) other.push_back(3 * z - 7);
  for (int y = 0; y < 5; ++y) EXPECT_NEAR(dlr(other, y), dlr(kLogits, y), 1e-12);
  EXPECT_NEAR(targeted_dlr(other, 1, 0), targeted_dlr(kLogits, 1, 0), 1e-12);
}

template <class Value>
void expect_gradient(const Value& value, const std::vector<double>& direction, double denominator) {
  for (std::size_t j = 0; j < kLogits.size(); ++j) {
    std::vector<double> up = kLogits, down = kLogits;
    up[j] += 1e-6;
    down[j] -= 1e-6;
    EXPECT_NEAR((value(up) - value(down)) / 2e-6, direction[j] / denominator, 1e-8) << j;
  }
}

TEST(Dlr, DirectionsAreTheGradientTimesTheDenominator) {
  std::vector<double> direction(5);
  for (int y = 0; y < 5; ++y) {
    dlr_direction(kLogits, y, direction);
    expect_gradient([&](const auto& z) { return dlr(z, y); }, direction, 5 - 2);
    loss_direction(Loss::dlr, kLogits, y, direction);
    expect_gradient([&](const auto& z) { return dlr(z, y); }, direction, 5 - 2);
    const int t = (y + 2) % 5;
    targeted_dlr_direction(kLogits, y, t, direction);
    expect_gradient([&](const auto& z) { return targeted_dlr(z, y, t); }, direction, 5 - 1.5);
  }
}

TEST(Dlr, EqualLogitsDivideNothingByZero) {
  const std::vector<double> equal(5, 3.0);
  std::vector<double> direction(5);
  EXPECT_EQ(dlr(equal, 0), 0);
  EXPECT_EQ(targeted_dlr(equal, 0, 4), 0);
  dlr_direction(equal, 0, direction);
  EXPECT_EQ(direction, (std::vector<double>{-1, 1, 0, 0, 0}));
}

TEST(Dlr, NeedsItsClasses) {
  const std::vector<double> three = {1, 2, 3};
  EXPECT_NO_THROW(dlr(three, 0));
  EXPECT_THROW(dlr(std::vector<double>{1, 2}, 0), ContractError);
  EXPECT_THROW(targeted_dlr(three, 0, 1), ContractError);
  EXPECT_THROW(dlr(three, 3), ContractError);
  EXPECT_THROW(targeted_dlr(kLogits, 2, 2), ContractError);
}

}  // namespace
}  // namespace faultline::attack
