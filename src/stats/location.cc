#include "stats/location.h"

#include <algorithm>
#include <numeric>

#include "stats/finite.h"

namespace faultline::stats {

std::optional<double> mean(std::span<const double> sample) {
  require_finite(sample, "mean: a value is not finite");
  if (sample.empty()) return {};
  // Differences from one of the values lose nothing where all are alike, and keep digits where they lie close
  // together and far from 0.
  const double origin = sample.front();
  double sum = 0;
  for (const double x : sample) sum += x - origin;
  return origin + sum / static_cast<double>(sample.size());
}

std::optional<double> median(std::span<const double> sample) {
  if (sample.empty()) return {};
  const std::vector<double> sorted = ascending(sample);
  const std::size_t n = sorted.size();
  return std::midpoint(sorted[(n - 1) / 2], sorted[n / 2]);
}

std::vector<double> ascending(std::span<const double> sample) {
  require_finite(sample, "sample: a value is not finite");
  std::vector<double> sorted(sample.begin(), sample.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace faultline::stats
