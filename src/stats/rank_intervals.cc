#include "stats/rank_intervals.h"

#include <cstdint>

#include "base/error.h"
#include "base/parallel.h"
#include "stats/holm.h"
#include "stats/signed_rank.h"

namespace faultline::stats {
namespace {

struct Pair {
  std::size_t first = 0;
  std::size_t second = 0;
};

std::vector<Pair> pairs_of(std::size_t columns) {
  std::vector<Pair> pairs;
  for (std::size_t first = 0; first < columns; ++first) {
    for (std::size_t second = first + 1; second < columns; ++second) pairs.push_back({first, second});
  }
  return pairs;
}

SignedRankTest compare(const Table& units, const Pair& pair) {
  std::vector<double> differences(units.rows());
  for (std::size_t r = 0; r < differences.size(); ++r) {
    differences[r] = units.at(r, pair.first) - units.at(r, pair.second);
  }
  return signed_rank_test(differences);
}

}  // namespace

std::vector<RankInterval> rank_intervals(const Table& units, double alpha) {
  require(alpha > 0 && alpha < 1, "rank_intervals: alpha must be in (0,1)");
  const std::vector<Pair> pairs = pairs_of(units.columns());
  std::vector<SignedRankTest> tests(pairs.size());
  parallel_for(static_cast<std::int64_t>(pairs.size()), [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    tests[at] = compare(units, pairs[at]);
  });
  std::vector<double> p;
  for (const SignedRankTest& test : tests) p.push_back(test.p);
  const std::vector<double> adjusted = holm(p);
  std::vector<RankInterval> intervals(units.columns(), {.best = 1, .worst = units.columns()});
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (adjusted[i] > alpha) continue;
    const bool first_above = tests[i].positive_sum > tests[i].negative_sum;
    ++intervals[first_above ? pairs[i].second : pairs[i].first].best;
    --intervals[first_above ? pairs[i].first : pairs[i].second].worst;
  }
  return intervals;
}

}  // namespace faultline::stats
