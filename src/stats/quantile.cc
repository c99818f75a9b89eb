#include "stats/quantile.h"

#include <cmath>

#include "base/error.h"

namespace faultline::stats {

double quantile(std::span<const double> ascending, double p) {
  require(!ascending.empty(), "quantile: the sample is empty");
  require(p >= 0 && p <= 1, "quantile: p must be in [0,1]");
  const double position = p * static_cast<double>(ascending.size() - 1);
  const double below = std::floor(position);
  const auto k = static_cast<std::size_t>(below);
  // Nothing is added to the last value, nor between equal (perhaps infinite) ones.
  if (position == below || ascending[k] == ascending[k + 1]) return ascending[k];
  return std::lerp(ascending[k], ascending[k + 1], position - below);
}

Interval central_interval(std::span<const double> ascending, double share) {
  return {.lower = quantile(ascending, (1 - share) / 2), .upper = quantile(ascending, (1 + share) / 2)};
}

}  // namespace faultline::stats
