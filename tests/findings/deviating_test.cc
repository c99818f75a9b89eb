#include "findings/deviating.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::ElementsAre;

// Two draws with ln dev 1 and 3: mean 2, s = sqrt 2. An input at 5 has T = 3 / sqrt(2 (1 + 1/2)) = sqrt 3,
// and of Cauchy's distribution (1 degree) P(|T| >= sqrt 3) = 1 - 2 atan(sqrt 3) / pi = 1/3.
TEST(Deviating, HandComputed) {
  const std::vector<Measured> draws = {std::exp(1.0), std::exp(3.0)};
  EXPECT_NEAR(*deviating_p(std::exp(5.0), draws), 1.0 / 3, 1e-12);
  EXPECT_NEAR(*deviating_p(std::exp(-1.0), draws), 1.0 / 3, 1e-12);
  EXPECT_NEAR(*deviating_p(std::exp(2.0), draws), 1, 1e-12);
}

TEST(Deviating, IsMissingWithoutASpreadOfDraws) {
  EXPECT_FALSE(deviating_p(1.0, std::vector<Measured>{}));
  EXPECT_FALSE(deviating_p(1.0, std::vector<Measured>{2.0}));
  EXPECT_FALSE(deviating_p(1.0, std::vector<Measured>{2.0, 2.0}));
  EXPECT_FALSE(deviating_p(1.0, std::vector<Measured>{2.0, Measured{}}));
  EXPECT_FALSE(deviating_p(1.0, std::vector<Measured>{2.0, 0.0}));
  EXPECT_FALSE(deviating_p(0.0, std::vector<Measured>{2.0, 3.0}));
  EXPECT_FALSE(deviating_p({}, std::vector<Measured>{2.0, 3.0}));
}

// Holm: the smallest p of three is multiplied by 3, the next by 2; missing ones are no part of the family.
TEST(Deviating, AdjustsOverThePointsThatHaveAP) {
  EXPECT_THAT(deviating(std::vector<Measured>{0.016, Measured{}, 0.026, 0.9}),
              ElementsAre(true, false, false, false));
  EXPECT_THAT(deviating(std::vector<Measured>{0.016, Measured{}, 0.024, 0.9}),
              ElementsAre(true, false, true, false));
  EXPECT_THAT(deviating(std::vector<Measured>{0.017, 0.9, 0.9}), ElementsAre(false, false, false));
  EXPECT_TRUE(deviating({}).empty());
}

// Perturbed inputs that are one more draw: any of 20 independent points deviates in
// 1 - (1 - 0.05/20)^20 = 4.88 % of images, and in no more than 5 %.
TEST(Deviating, FalselyInOneOfTwentyImages) {
  constexpr std::size_t kPoints = 20, kDraws = 8, kImages = 4000;
  int any = 0;
  for (std::size_t image = 0; image < kImages; ++image) {
    std::vector<Measured> p;
    for (std::size_t point = 0; point < kPoints; ++point) {
      std::vector<Measured> draws;
      for (std::size_t k = 0; k < kDraws; ++k)
        draws.push_back(std::exp(0.3 * test::normal("draws", image, point * kDraws + k)));
      p.push_back(deviating_p(std::exp(0.3 * test::normal("perturbed", image, point)), draws));
    }
    const std::vector<bool> found = deviating(p);
    any += std::count(found.begin(), found.end(), true) > 0 ? 1 : 0;
  }
  const double expected = 1 - std::pow(1 - 0.05 / kPoints, kPoints);
  EXPECT_NEAR(any, expected * kImages, 3.5 * std::sqrt(expected * (1 - expected) * kImages));
}

}  // namespace
}  // namespace faultline::findings
