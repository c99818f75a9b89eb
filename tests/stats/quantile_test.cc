#include "stats/quantile.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"
#include "samples.h"

namespace faultline::stats {
namespace {

TEST(Quantile, IsLinearBetweenOrderStatistics) {
  const std::vector<double> sample = {1, 2, 4, 8, 16};
  EXPECT_EQ(quantile(sample, 0), 1);
  EXPECT_EQ(quantile(sample, 0.25), 2);
  EXPECT_EQ(quantile(sample, 0.375), 3);
  EXPECT_EQ(quantile(sample, 0.9375), 14);
  EXPECT_EQ(quantile(sample, 1), 16);
  EXPECT_EQ(quantile(std::vector<double>{7}, 0.3), 7);
}

TEST(Quantile, OfInfiniteValues) {
  const std::vector<double> sample = {1, 2, test::kInfinity, test::kInfinity};
  EXPECT_EQ(quantile(sample, 1.0 / 3), 2);
  EXPECT_EQ(quantile(sample, 0.5), test::kInfinity);
  EXPECT_EQ(quantile(sample, 0.9), test::kInfinity);
}

TEST(Quantile, CentralInterval) {
  const std::vector<double> sample = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  const Interval half = central_interval(sample, 0.5);
  EXPECT_EQ(half.lower, 2);
  EXPECT_EQ(half.upper, 6);
}

TEST(Quantile, RefusesWhatHasNone) {
  EXPECT_THROW(quantile({}, 0.5), ContractError);
  EXPECT_THROW(quantile(std::vector<double>{1}, 1.1), ContractError);
  EXPECT_THROW(quantile(std::vector<double>{1}, test::kNan), ContractError);
}

}  // namespace
}  // namespace faultline::stats
