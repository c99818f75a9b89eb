#include "stats/holm.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "base/error.h"

namespace faultline::stats {

std::vector<double> holm(std::span<const double> p) {
  require(std::all_of(p.begin(), p.end(), [](double x) { return x >= 0 && x <= 1; }),
          "holm: a p-value is not in [0,1]");
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(p.size() - i) * p[order[i]]));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

}  // namespace faultline::stats
