#include "stats/kendall_tau.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "base/error.h"
#include "stats/distributions.h"
#include "stats/finite.h"
#include "stats/midranks.h"

namespace faultline::stats {
namespace {

constexpr std::size_t kExactItems = 33;
// Of the concordant and the discordant pairs the fewer number at most half.
constexpr std::size_t kMostInversions = kExactItems * (kExactItems - 1) / 4;

struct PairCounts {
  std::size_t concordant = 0;
  std::size_t discordant = 0;
};

PairCounts count_pairs(std::span<const double> a, std::span<const double> b) {
  PairCounts counts;
  for (std::size_t i = 1; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (a[i] == a[j] || b[i] == b[j]) continue;
      ++((a[i] < a[j]) == (b[i] < b[j]) ? counts.concordant : counts.discordant);
    }
  }
  return counts;
}

// P(a random permutation of n items has at most so many inversions): item j adds 0 to j - 1 of them, each as
// likely as the other.
double inversions_at_most(std::size_t n, std::size_t most) {
  std::array<double, kMostInversions + 1> chance = {1};
  for (std::size_t item = 2; item <= n; ++item) {
    for (std::size_t total = most + 1; total-- > 0;) {
      double sum = 0;
      for (std::size_t added = 0; added < std::min(item, total + 1); ++added) sum += chance[total - added];
      chance[total] = sum / static_cast<double>(item);
    }
  }
  return std::accumulate(chance.begin(), chance.begin() + most + 1, 0.0);
}

// Sums over the groups of t tied items that the variance of C - D needs.
struct TieSums {
  double pairs = 0;    // t (t - 1) / 2
  double triples = 0;  // t (t - 1)(t - 2)
  double spread = 0;   // t (t - 1)(2t + 5)

  explicit TieSums(std::span<const double> values) {
    for (const std::size_t size : midranks(values).ties) {
      const double t = static_cast<double>(size);
      pairs += t * (t - 1) / 2;
      triples += t * (t - 1) * (t - 2);
      spread += t * (t - 1) * (2 * t + 5);
    }
  }
};

double normal_p(double excess, double n, const TieSums& a, const TieSums& b) {
  const double m = n * (n - 1);
  double variance = (m * (2 * n + 5) - a.spread - b.spread) / 18 + 2 * a.pairs * b.pairs / m;
  if (n > 2) variance += a.triples * b.triples / (9 * m * (n - 2));
  return 2 * normal_cdf(-std::abs(excess) / std::sqrt(variance));
}

}  // namespace

std::optional<KendallTau> kendall_tau(std::span<const double> a, std::span<const double> b) {
  require(a.size() == b.size(), "kendall_tau: rankings of different lengths");
  require_finite(a, "kendall_tau: a value is not finite");
  require_finite(b, "kendall_tau: a value is not finite");
  const double n = static_cast<double>(a.size());
  const TieSums ties_a(a);
  const TieSums ties_b(b);
  const double untied_a = n * (n - 1) / 2 - ties_a.pairs;
  const double untied_b = n * (n - 1) / 2 - ties_b.pairs;
  if (untied_a <= 0 || untied_b <= 0) return {};
  const PairCounts counts = count_pairs(a, b);
  const double excess = static_cast<double>(counts.concordant) - static_cast<double>(counts.discordant);
  KendallTau result{.tau = std::clamp(excess / (std::sqrt(untied_a) * std::sqrt(untied_b)), -1.0, 1.0),
                    .exact = ties_a.pairs == 0 && ties_b.pairs == 0 && a.size() <= kExactItems};
  result.p =
      result.exact
          ? std::min(1.0, 2 * inversions_at_most(a.size(), std::min(counts.concordant, counts.discordant)))
          : normal_p(excess, n, ties_a, ties_b);
  return result;
}

}  // namespace faultline::stats
