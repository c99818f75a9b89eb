#include "heatmap/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"

namespace faultline::heatmap {
namespace {

using ::testing::ElementsAre;

const DoubleTensor& logits() {
  static const DoubleTensor kLogits(Shape{2, 3}, {1, 3, 2, 5, -1, 5});
  return kLogits;
}

TEST(Scores, SeedOneRowEach) {
  const ClassPair classes{.clean_class = 1, .other_class = 2};
  EXPECT_THAT(class_score(logits(), classes).logit_gradients.values(), ElementsAre(0, 1, 0, 0, 1, 0));
  EXPECT_THAT(margin_score(logits(), classes).logit_gradients.values(), ElementsAre(0, 1, -1, 0, 1, -1));
  // Of equal logits the first.
  EXPECT_THAT(own_score(logits(), classes).logit_gradients.values(), ElementsAre(0, 1, 0, 1, 0, 0));
  EXPECT_TRUE(class_score(logits(), classes).rows.empty());
}

double probability(const DoubleTensor& z, std::int64_t row, std::int64_t class_index) {
  double total = 0;
  for (std::int64_t j = 0; j < 3; ++j) total += std::exp(z[row * 3 + j]);
  return std::exp(z[row * 3 + class_index]) / total;
}

TEST(Scores, ProbabilityIsSeededByItsDerivative) {
  const engine::Seeds seeds = probability_score(logits(), {.clean_class = 1, .other_class = 2});
  for (std::int64_t i = 0; i < 6; ++i) {
    constexpr double kStep = 1e-6;
    DoubleTensor above = logits();
    DoubleTensor below = logits();
    above[i] += kStep;
    below[i] -= kStep;
    const double slope = (probability(above, i / 3, 1) - probability(below, i / 3, 1)) / (2 * kStep);
    EXPECT_NEAR(seeds.logit_gradients[i], slope, 1e-10);
  }
  const DoubleTensor huge(Shape{1, 2}, {2000, -2000});
  EXPECT_THAT(probability_score(huge, {}).logit_gradients.values(), ElementsAre(0, 0));
}

TEST(Scores, HaveValues) {
  const ClassPair classes{.clean_class = 1, .other_class = 2};
  EXPECT_THAT(score("class").values(logits(), classes), ElementsAre(3, -1));
  EXPECT_THAT(score("margin").values(logits(), classes), ElementsAre(1, -6));
  EXPECT_THAT(score("own").values(logits(), classes), ElementsAre(3, 5));
  const auto p = score("probability").values(logits(), classes);
  EXPECT_NEAR(p[0], probability(logits(), 0, 1), 1e-15);
  EXPECT_NEAR(p[1], probability(logits(), 1, 1), 1e-15);
}

TEST(Scores, AsProbabilitiesAreSeededByTheirDerivatives) {
  const ClassPair classes{.clean_class = 1, .other_class = 2};
  EXPECT_EQ(score("probability").as_probability().name, "probability");
  for (const Score& each : scores()) {
    const Score& of = each.as_probability();
    const engine::Seeds seeds = of.seeds(logits(), classes);
    for (std::int64_t i = 0; i < 6; ++i) {
      constexpr double kStep = 1e-6;
      DoubleTensor above = logits();
      DoubleTensor below = logits();
      above[i] += kStep;
      below[i] -= kStep;
      if (each.name == "own" && i >= 3) continue;  // two equal largest logits: a step changes the prediction
      const auto row = static_cast<std::size_t>(i / 3);
      const double slope = (of.values(above, classes)[row] - of.values(below, classes)[row]) / (2 * kStep);
      EXPECT_NEAR(seeds.logit_gradients[i], slope, 1e-10) << of.name;
    }
  }
}

TEST(Scores, RefuseClassesThatDoNotExist) {
  const ClassPair beyond{.clean_class = 3, .other_class = -1};
  EXPECT_THROW(class_score(logits(), beyond), ContractError);
  EXPECT_THROW(probability_score(logits(), beyond), ContractError);
  EXPECT_THROW(margin_score(logits(), {.clean_class = 0, .other_class = -1}), ContractError);
}

TEST(Scores, AreFoundByName) {
  EXPECT_EQ(scores().front().name, "class");
  EXPECT_EQ(score("probability").seeds, probability_score);
  test::expect_error([] { score("loss"); }, ErrorKind::usage,
                     "unknown score 'loss'; expected one of: class, margin, own, probability");
}

}  // namespace
}  // namespace faultline::heatmap
