#include "compare/reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::compare {
namespace {

using ::testing::ElementsAre;

TEST(Rivals, AreTheOtherClassThenTheRunnerUpAndTheNextThree) {
  const DoubleTensor logits(Shape{8}, {1, 7, 9, 5, 5, 6, 0, 4});
  EXPECT_THAT(rival_classes(logits, {.clean_class = 2, .other_class = 6}), ElementsAre(6, 1, 5, 3, 4));
  EXPECT_THAT(rival_classes(logits, {.clean_class = 2, .other_class = 5}), ElementsAre(5, 1, 3, 4));
  EXPECT_THAT(rival_classes(DoubleTensor(Shape{2}, {1, 7}), {.clean_class = 1, .other_class = 0}),
              ElementsAre(0));
  EXPECT_THROW(rival_classes(DoubleTensor(Shape{1}), {}), ContractError);
}

TEST(Rivals, SeedTheirMarginsAtOneRow) {
  const engine::Seeds seeds = rival_margins(3, 1, std::vector<int>{2, 0}, 4);
  EXPECT_THAT(seeds.logit_gradients.values(), ElementsAre(0, 1, -1, -1, 1, 0));
  EXPECT_THAT(seeds.rows, ElementsAre(4, 4));
}

TEST(Reach, IsTheNearestBoundary) {
  const std::vector<double> gaps = {6, 2, 5};
  EXPECT_EQ(reach(gaps, std::vector<double>{3, 0.5, 2}), 2);
  // A boundary that no change of the activation approaches does not count.
  EXPECT_EQ(reach(gaps, std::vector<double>{0, 0.5, 0}), 4);
  EXPECT_FALSE(reach(gaps, std::vector<double>{0, 0, 0}));
}

}  // namespace
}  // namespace faultline::compare
