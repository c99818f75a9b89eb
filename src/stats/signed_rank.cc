#include "stats/signed_rank.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "stats/distributions.h"
#include "stats/finite.h"
#include "stats/midranks.h"
#include "stats/signed_rank_distribution.h"

namespace faultline::stats {
namespace {

constexpr std::size_t kExactDifferences = 50;

Tails exact_tails(std::span<const double> ranks, double positive_sum) {
  std::vector<std::int64_t> doubled;
  for (const double rank : ranks) doubled.push_back(std::llround(2 * rank));
  return signed_rank_tails(doubled, std::llround(2 * positive_sum));
}

Tails normal_tails(const Midranks& ranked, double positive_sum) {
  const double n = static_cast<double>(ranked.ranks.size());
  const double variance = (n * (n + 1) * (2 * n + 1) - tie_term(ranked.ties) / 2) / 24;
  const double z = (positive_sum - n * (n + 1) / 4) / std::sqrt(variance);
  return {.at_most = normal_cdf(z), .at_least = normal_cdf(-z)};
}

double p_value(const Tails& tails, Alternative alternative) {
  if (alternative == Alternative::greater) return tails.at_least;
  if (alternative == Alternative::less) return tails.at_most;
  return std::min(1.0, 2 * std::min(tails.at_most, tails.at_least));
}

}  // namespace

SignedRankTest signed_rank_test(std::span<const double> differences, Alternative alternative) {
  require_finite(differences, "signed_rank_test: a difference is not finite");
  std::vector<double> kept;
  std::vector<double> sizes;
  for (const double d : differences) {
    if (d == 0) continue;
    kept.push_back(d);
    sizes.push_back(std::abs(d));
  }
  SignedRankTest test{.used = kept.size(), .zeros = differences.size() - kept.size(), .rank_biserial = {}};
  if (kept.empty()) return test;
  const Midranks ranked = midranks(sizes);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    (kept[i] > 0 ? test.positive_sum : test.negative_sum) += ranked.ranks[i];
  }
  test.exact = kept.size() <= kExactDifferences;
  const Tails tails =
      test.exact ? exact_tails(ranked.ranks, test.positive_sum) : normal_tails(ranked, test.positive_sum);
  test.p = p_value(tails, alternative);
  test.rank_biserial = (test.positive_sum - test.negative_sum) / (test.positive_sum + test.negative_sum);
  return test;
}

}  // namespace faultline::stats
