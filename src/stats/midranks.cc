#include "stats/midranks.h"

#include <algorithm>
#include <numeric>

#include "stats/finite.h"

namespace faultline::stats {

Midranks midranks(std::span<const double> values) {
  require_finite(values, "midranks: a value is not finite");
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  Midranks result{.ranks = std::vector<double>(values.size()), .ties = {}};
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    if (end - first > 1) result.ties.push_back(end - first);
    const double rank = static_cast<double>(first + 1 + end) / 2;
    for (; first < end; ++first) result.ranks[order[first]] = rank;
  }
  return result;
}

double tie_term(std::span<const std::size_t> ties) {
  double sum = 0;
  for (const std::size_t size : ties) {
    const double t = static_cast<double>(size);
    sum += t * (t * t - 1);
  }
  return sum;
}

}  // namespace faultline::stats
