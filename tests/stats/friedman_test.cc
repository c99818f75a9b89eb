#include "stats/friedman.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "samples.h"
#include "stored.h"

namespace faultline::stats {
namespace {

TEST(Friedman, StoredTests) {
  for (const auto& of : test::stored("friedman")) {
    const std::vector<double> values = of.at("values");
    const auto found = friedman_test(Table(values, of.at("columns")));
    ASSERT_TRUE(found) << of.dump();
    test::expect_figure(found->chi_squared, of.at("chi_squared"), of.dump());
    test::expect_figure(found->p, of.at("p"), of.dump());
    test::expect_figure(found->kendall_w, of.at("kendall_w"), of.dump());
    EXPECT_EQ(found->degrees, of.at("columns").get<std::size_t>() - 1);
  }
}

TEST(KendallW, StoredInterval) {
  const auto& of = test::stored("concordance");
  const std::vector<double> values = of.at("values");
  const auto found = kendall_w(Table(values, of.at("columns")), test::options_of(of));
  test::expect_figure(found->value, of.at("kendall_w"), "W");
  test::expect_interval(found->interval, of.at("interval"), "W");
}

// Two treatments, 7 blocks for the first and 3 for the second: the sign test's (7 - 3)^2 / 10.
TEST(Friedman, OfTwoTreatmentsIsTheSignTest) {
  std::vector<double> values;
  for (int block = 0; block < 10; ++block) values.insert(values.end(), {block < 7 ? 2.0 : 0.5, 1.0});
  EXPECT_DOUBLE_EQ(friedman_test(Table(values, 2))->chi_squared, 1.6);
}

// Each block's values may be mapped by an increasing function of its own, and blocks come in any order.
TEST(Friedman, FollowsOnlyTheRanks) {
  std::vector<double> values = test::normals("friedman", 0, 60);
  const FriedmanTest found = *friedman_test(Table(values, 5));
  const Estimate w = *kendall_w(Table(values, 5), {.resamples = 200});
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t block = i / 5;
    const double shift = static_cast<double>(block);
    values[i] = std::exp(values[i]) * (1 + shift) - shift;
  }
  for (std::size_t j = 0; j < 5; ++j) std::swap(values[j], values[55 + j]);
  EXPECT_EQ(friedman_test(Table(values, 5))->p, found.p);
  test::expect_same(*kendall_w(Table(values, 5), {.resamples = 200}), w);
}

TEST(KendallW, DoesNotDependOnThreads) {
  const std::vector<double> values = test::normals("concordance", 0, 60);
  const auto found = test::under_threads([&] { return *kendall_w(Table(values, 5), {.resamples = 500}); });
  test::expect_same(found[0], found[1]);
  test::expect_same(found[0], found[2]);
}

TEST(Friedman, OfBlocksThatAgree) {
  const std::vector<double> agreeing = {1, 2, 3, 4, 8, 9, 0, 1, 5};
  EXPECT_DOUBLE_EQ(friedman_test(Table(agreeing, 3))->kendall_w, 1);
  EXPECT_DOUBLE_EQ(friedman_test(Table(agreeing, 3))->chi_squared, 6);
  const Interval interval = *kendall_w(Table(agreeing, 3))->interval;
  EXPECT_EQ(interval.lower, 1);
  EXPECT_EQ(interval.upper, 1);
}

TEST(Friedman, IsMissingWhereNothingIsCompared) {
  const std::vector<double> values = {1, 2, 3, 4};
  const std::vector<double> equal(6, 7.0);
  EXPECT_FALSE(friedman_test(Table(values, 4)));
  EXPECT_FALSE(friedman_test(Table(values, 1)));
  EXPECT_FALSE(friedman_test(Table({}, 3)));
  EXPECT_FALSE(friedman_test(Table(equal, 3)));
  EXPECT_FALSE(kendall_w(Table(equal, 3)));
  EXPECT_FALSE(kendall_w(Table(values, 4)));
}

// 400 tables without any difference.
TEST(Friedman, RejectsAsOftenAsItSays) {
  constexpr int kTables = 400;
  int rejected = 0;
  for (int i = 0; i < kTables; ++i) {
    const std::vector<double> values = test::normals("level", i, 150);
    rejected += friedman_test(Table(values, 5))->p <= 0.05 ? 1 : 0;
  }
  test::expect_share(rejected, kTables, 0.05);
}

}  // namespace
}  // namespace faultline::stats
