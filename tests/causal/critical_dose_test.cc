#include "causal/critical_dose.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"

namespace faultline::causal {
namespace {

// Flips where `is_flipped` says; counts what is tried.
struct Path {
  std::function<bool(double)> is_flipped;
  int tried = 0;
  std::vector<bool> operator()(std::span<const double> doses) {
    std::vector<bool> flipped;
    for (const double dose : doses) flipped.push_back(is_flipped(dose));
    tried += static_cast<int>(doses.size());
    return flipped;
  }
};

TEST(CriticalDose, IsFoundToTheResolution) {
  for (const double threshold : {0.01, 0.125, 0.3, 0.77, 1.0}) {
    Path path{[&](double dose) { return dose >= threshold; }};
    const CriticalDose found = critical_dose(std::ref(path));
    ASSERT_TRUE(found.dose);
    EXPECT_GE(*found.dose, threshold);
    EXPECT_LT(found.holds, threshold);
    EXPECT_LE(*found.dose - found.holds, 1.0 / 64);
    EXPECT_LE(path.tried, 8 + 3);
  }
}

TEST(CriticalDose, IsCensoredWhereNothingFlips) {
  Path path{[](double) { return false; }};
  const CriticalDose found = critical_dose(std::ref(path));
  EXPECT_FALSE(found.dose);
  EXPECT_EQ(found.holds, 1);
  EXPECT_EQ(path.tried, 8);
}

// The smallest dose of the grid that flips counts, though larger ones do not.
TEST(CriticalDose, TakesTheFirstFlipOfAPathThatTurnsBack) {
  Path path{[](double dose) { return dose > 0.2 && dose < 0.4; }};
  const CriticalDose found = critical_dose(std::ref(path));
  ASSERT_TRUE(found.dose);
  EXPECT_NEAR(*found.dose, 0.2, 1.0 / 64);
}

TEST(CriticalDose, TakesAnotherGrid) {
  Path path{[](double dose) { return dose >= 0.6; }};
  const CriticalDose found = critical_dose(std::ref(path), {.points = 2, .resolution = 0.3});
  EXPECT_EQ(found.dose, 0.75);
  EXPECT_EQ(found.holds, 0.5);
  EXPECT_THROW(critical_dose(std::ref(path), {.points = 0}), ContractError);
}

}  // namespace
}  // namespace faultline::causal
