#include "findings/simultaneous_means.h"

#include <gtest/gtest.h>

#include "findings/rules.h"
#include "stats/bootstrap.h"
#include "stats/simultaneous_bands.h"
#include "synthetic.h"

namespace faultline::findings {
namespace {

std::vector<std::vector<Measured>> units(std::size_t n, std::size_t positions) {
  std::vector<std::vector<Measured>> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < positions; ++j) rows[i].push_back(test::normal("units", i, j));
  }
  return rows;
}

std::vector<double> column(const std::vector<std::vector<Measured>>& rows, std::size_t j) {
  std::vector<double> values;
  for (const auto& row : rows) {
    if (row[j]) values.push_back(*row[j]);
  }
  return values;
}

TEST(SimultaneousMeans, AreBandsOfCompleteUnits) {
  auto rows = units(40, 2);
  std::vector<double> flat;
  for (std::size_t i = 2; i < rows.size(); ++i) flat.insert(flat.end(), {*rows[i][0], *rows[i][1]});
  rows[0][1] = rows[1][0] = Measured{};  // 5 % lack a value
  const auto means = simultaneous_means({"a", "b"}, rows, 500);
  const auto bands = *stats::simultaneous_bands(stats::Table(flat, 2), {.resamples = 500});
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_EQ(means[j].n, 38U);
    EXPECT_DOUBLE_EQ(means[j].estimate->value, bands[j].value);
    EXPECT_DOUBLE_EQ(means[j].estimate->interval->lower, bands[j].interval->lower);
  }
}

TEST(SimultaneousMeans, KeepEachPositionsOwnUnitsWhereManyLackAValue) {
  auto rows = units(40, 2);
  for (std::size_t i = 0; i < 3; ++i) rows[i][1] = Measured{};
  const auto means = simultaneous_means({"a", "b"}, rows, 500);
  EXPECT_EQ(means[0].n, 40U);
  EXPECT_EQ(means[1].n, 37U);
  const auto alone = *stats::bootstrap_mean(column(rows, 1), {.resamples = 500, .confidence = 0.975});
  EXPECT_DOUBLE_EQ(means[1].estimate->value, alone.value);
  EXPECT_DOUBLE_EQ(means[1].estimate->interval->upper, alone.interval->upper);
}

// Half of all resamples draw 39 equal values: there is no band, but there is a mean with an interval.
TEST(SimultaneousMeans, OfAPositionWhereHardlyAUnitDiffers) {
  std::vector<std::vector<Measured>> rows(40, {1.0});
  rows[0][0] = 0.0;
  const auto means = simultaneous_means({"a"}, rows, 500);
  EXPECT_DOUBLE_EQ(means[0].estimate->value, 39.0 / 40);
  ASSERT_TRUE(interval_of(means[0]));
  EXPECT_DOUBLE_EQ(interval_of(means[0])->upper, 1);
  EXPECT_LT(interval_of(means[0])->lower, 0.96);
}

// Of a position that is next to 0 in all but two units, resamples without those have no spread to speak of.
// It must not take the other position's interval with it.
TEST(SimultaneousMeans, BesideAPositionWhereHardlyAUnitDiffers) {
  auto rows = units(60, 2);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i][1] = i < 2 ? 1.0 : 1e-7 * *rows[i][1];
  std::vector<double> flat;
  for (const auto& row : rows) flat.insert(flat.end(), {*row[0], *row[1]});
  const auto bands = *stats::simultaneous_bands(stats::Table(flat, 2), {.resamples = 500});
  ASSERT_GT(bands[0].interval->upper, 1000);
  const auto means = simultaneous_means({"a", "b"}, rows, 500);
  const auto alone = *stats::bootstrap_mean(column(rows, 0), {.resamples = 500, .confidence = 0.975});
  EXPECT_DOUBLE_EQ(interval_of(means[0])->lower, alone.interval->lower);
  EXPECT_DOUBLE_EQ(interval_of(means[0])->upper, alone.interval->upper);
}

TEST(SimultaneousMeans, LeaveOutAPositionWithoutValues) {
  auto rows = units(30, 2);
  for (auto& row : rows) row[0] = Measured{};
  const auto means = simultaneous_means({"a", "b"}, rows, 500);
  EXPECT_FALSE(means[0].estimate);
  EXPECT_EQ(means[0].n, 0U);
  EXPECT_EQ(means[1].n, 30U);
  EXPECT_TRUE(interval_of(means[1]));
}

TEST(SimultaneousMeans, OfNoOneAndTwoUnits) {
  EXPECT_FALSE(simultaneous_means({"a"}, {}, 500)[0].estimate);
  const auto one = simultaneous_means({"a"}, {{2.0}}, 500);
  EXPECT_DOUBLE_EQ(one[0].estimate->value, 2);
  EXPECT_FALSE(interval_of(one[0]));
  const auto two = simultaneous_means({"a"}, {{2.0}, {3.0}}, 500);
  EXPECT_DOUBLE_EQ(two[0].estimate->value, 2.5);
  EXPECT_EQ(two[0].n, 2U);
}

}  // namespace
}  // namespace faultline::findings
