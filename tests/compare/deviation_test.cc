#include "compare/deviation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "compare/alignment.h"
#include "compare/harmless_range.h"
#include "compare/step.h"

namespace faultline::compare {
namespace {

using Rows = std::vector<std::size_t>;
using Values = std::vector<Measured>;

TEST(Deviation, IsRelativeAndMissingForABlankActivation) {
  EXPECT_EQ(deviation(3, 4), 0.75);
  EXPECT_EQ(deviation(0, 4), 0);
  EXPECT_FALSE(deviation(3, 0));
  EXPECT_FALSE(deviation(1e300, 1e-300));
}

TEST(LogExcess, CountsFromTheMeanLogarithmOfGaussianRows) {
  // Geometric mean of 2 and 8: 4.
  const Values excess = log_excess(Values{0.0, 16.0, 2.0, 8.0, {}}, Rows{2, 3});
  EXPECT_FALSE(excess[0]);
  EXPECT_DOUBLE_EQ(excess[1].value(), std::log(4.0));
  EXPECT_DOUBLE_EQ(excess[2].value(), -std::log(2.0));
  EXPECT_DOUBLE_EQ(excess[3].value(), std::log(2.0));
  EXPECT_FALSE(excess[4]);
}

TEST(LogExcess, IsMissingWithoutUsableGaussianRows) {
  EXPECT_THAT(log_excess(Values{1.0, 2.0}, Rows{}), ::testing::Each(Measured()));
  EXPECT_THAT(log_excess(Values{1.0, 2.0, 0.0}, Rows{1, 2}), ::testing::Each(Measured()));
  EXPECT_THAT(log_excess(Values{1.0, 2.0, {}}, Rows{1, 2}), ::testing::Each(Measured()));
}

net::Point point(std::vector<int> predecessors) {
  return {.name = "p",
          .kind = net::PointKind::layer,
          .node = 0,
          .block = 0,
          .predecessors = std::move(predecessors)};
}

TEST(Steps, TelescopeAlongAChain) {
  const std::vector<net::Point> chain = {point({}), point({0}), point({1}), point({2})};
  const Values found = steps(chain, Values{0.25, 1.0, 0.5, 2.0});
  EXPECT_FALSE(found[0]);
  EXPECT_EQ(found[1], 0.75);
  EXPECT_EQ(found[2], -0.5);
  EXPECT_EQ(found[3], 1.5);
  EXPECT_EQ(*found[1] + *found[2] + *found[3], 2.0 - 0.25);
}

TEST(Steps, CountFromTheLargestOfSeveralPredecessors) {
  const std::vector<net::Point> branched = {point({}), point({0}), point({0}), point({1, 2})};
  EXPECT_EQ(steps(branched, Values{0.0, 1.0, -3.0, 1.5})[3], 0.5);
  EXPECT_EQ(steps(branched, Values{0.0, {}, -3.0, 1.5})[3], 4.5);
  EXPECT_FALSE(steps(branched, Values{0.0, {}, {}, 1.5})[3]);
  EXPECT_FALSE(steps(branched, Values{0.0, 1.0, 1.0, {}})[3]);
}

TEST(Alignment, IsTheCosineWithTheDirectionThatLowersTheMargin) {
  // A' - A = (3, 4), dm/dA = (-6, -8): straight down.
  EXPECT_DOUBLE_EQ(alignment(-50, 5, 10).value(), 1);
  EXPECT_DOUBLE_EQ(alignment(25, 5, 10).value(), -0.5);
  EXPECT_EQ(alignment(-50.000001, 5, 10), 1);
  EXPECT_FALSE(alignment(0, 0, 10));
  EXPECT_FALSE(alignment(0, 5, 0));
}

TEST(HarmlessRange, SpansTheStepsThatAreThere) {
  const Values found = {9.0, 0.5, {}, -0.25, 0.125};
  const auto range = harmless_range(found, Rows{1, 2, 3, 4});
  ASSERT_TRUE(range);
  EXPECT_EQ(range->least, -0.25);
  EXPECT_EQ(range->largest, 0.5);
  EXPECT_FALSE(harmless_range(found, Rows{}));
  EXPECT_FALSE(harmless_range(found, Rows{2}));
}

}  // namespace
}  // namespace faultline::compare
