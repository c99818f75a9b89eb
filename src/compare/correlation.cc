#include "compare/correlation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace faultline::compare {
namespace {

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Measured one_minus_correlation(std::span<const double> a, std::span<const double> b) {
  const double mean_a = mean(a);
  const double mean_b = mean(b);
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return std::clamp(1 - ab / std::sqrt(aa * bb), 0.0, 2.0);
}

// Ascending, from 1; equal cells share the mean of their ranks.
std::vector<double> mid_ranks(const RankedMap& map) {
  const auto order = map.descending();
  const auto values = map.values();
  const double zeros = static_cast<double>(values.size() - order.size());
  std::vector<double> ranks(values.size(), (zeros + 1) / 2);
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    const double rank = static_cast<double>(values.size()) - static_cast<double>(first + last) / 2;
    for (; first <= last; ++first) ranks[order[first]] = rank;
  }
  return ranks;
}

}  // namespace

Measured pearson_distance(const RankedMap& clean, const RankedMap& other) {
  require_same_size(clean, other);
  if (clean.constant() || other.constant()) return {};
  return one_minus_correlation(clean.values(), other.values());
}

Measured spearman_distance(const RankedMap& clean, const RankedMap& other) {
  require_same_size(clean, other);
  if (clean.constant() || other.constant()) return {};
  return one_minus_correlation(mid_ranks(clean), mid_ranks(other));
}

}  // namespace faultline::compare
