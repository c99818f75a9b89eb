#include "stats/rank_intervals.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "samples.h"
#include "stored.h"

namespace faultline::stats {
namespace {

TEST(RankIntervals, StoredTables) {
  for (const auto& of : test::stored("rank_intervals")) {
    const std::vector<double> values = of.at("values");
    const auto found = rank_intervals(Table(values, of.at("columns")), of.at("alpha"));
    ASSERT_EQ(found.size(), of.at("best").size());
    for (std::size_t j = 0; j < found.size(); ++j) {
      EXPECT_EQ(found[j].best, of.at("best")[j].get<std::size_t>()) << j;
      EXPECT_EQ(found[j].worst, of.at("worst")[j].get<std::size_t>()) << j;
    }
  }
}

// Column j is normal around shifts[j], with what each unit adds to all of its values.
std::vector<double> table(const std::string& name, int number, std::size_t units,
                          std::span<const double> shifts) {
  const std::vector<double> noise = test::normals(name, number, units * (shifts.size() + 1));
  std::vector<double> values;
  for (std::size_t i = 0; i < units; ++i) {
    for (std::size_t j = 0; j < shifts.size(); ++j) {
      values.push_back(shifts[j] + noise[i] + noise[units * (j + 1) + i]);
    }
  }
  return values;
}

TEST(RankIntervals, OfClearlyDistinctColumnsAreTheirRanks) {
  const std::vector<double> shifts = {3, 12, 0, 9};
  const std::vector<double> values = table("distinct", 0, 30, shifts);
  const std::size_t ranks[] = {3, 1, 4, 2};
  const auto found = rank_intervals(Table(values, 4));
  for (std::size_t j = 0; j < 4; ++j) {
    EXPECT_EQ(found[j].best, ranks[j]);
    EXPECT_EQ(found[j].worst, ranks[j]);
  }
}

TEST(RankIntervals, AreWholeWhereNothingIsKnown) {
  const std::vector<double> equal(20, 1.5);
  for (const auto& values : {equal, std::vector<double>{}, std::vector<double>{4, 3, 2, 1}}) {
    for (const RankInterval& of : rank_intervals(Table(values, 4))) {
      EXPECT_EQ(of.best, 1U);
      EXPECT_EQ(of.worst, 4U);
    }
  }
  const auto single = rank_intervals(Table(equal, 1));
  ASSERT_EQ(single.size(), 1U);
  EXPECT_EQ(single[0].worst, 1U);
}

TEST(RankIntervals, NegationTurnsThemRound) {
  const std::vector<double> shifts = {0, 0.4, 0.8, 1.2, 1.6};
  std::vector<double> values = table("negation", 0, 40, shifts);
  const auto found = rank_intervals(Table(values, 5));
  for (double& x : values) x = -x;
  const auto negated = rank_intervals(Table(values, 5));
  for (std::size_t j = 0; j < 5; ++j) {
    EXPECT_EQ(found[j].best, 6 - negated[j].worst);
    EXPECT_EQ(found[j].worst, 6 - negated[j].best);
  }
}

TEST(RankIntervals, DoNotDependOnThreads) {
  const std::vector<double> shifts = {0, 0.4, 0.8, 1.2, 1.6};
  const std::vector<double> values = table("threads", 0, 30, shifts);
  const auto found = test::under_threads([&] {
    std::vector<std::size_t> ends;
    for (const RankInterval& of : rank_intervals(Table(values, 5)))
      ends.insert(ends.end(), {of.best, of.worst});
    return ends;
  });
  EXPECT_EQ(found[0], found[1]);
  EXPECT_EQ(found[0], found[2]);
}

// Among equal columns any interval but the whole is false. Holm's bound is no exact level: at most 5 %, and
// the tests of pairs depend on each other; so between a fifth of it and itself, with the simulation's error.
TEST(RankIntervals, HoldTogetherAsOftenAsTheySay) {
  constexpr int kTables = 500;
  const std::vector<double> shifts(5, 0.0);
  int failed = 0;
  for (int i = 0; i < kTables; ++i) {
    const std::vector<double> values = table("equal", i, 20, shifts);
    bool narrowed = false;
    for (const RankInterval& of : rank_intervals(Table(values, 5))) {
      narrowed = narrowed || of.best != 1 || of.worst != 5;
    }
    failed += narrowed ? 1 : 0;
  }
  EXPECT_LT(failed, kTables * (0.05 + 3.5 * 0.0097));
  EXPECT_GT(failed, kTables * 0.01);
}

TEST(RankIntervals, RefuseWhatIsNoLevel) {
  const std::vector<double> values = {1, 2};
  EXPECT_THROW(rank_intervals(Table(values, 2), 0), ContractError);
  EXPECT_THROW(rank_intervals(Table(values, 2), 1), ContractError);
}

}  // namespace
}  // namespace faultline::stats
