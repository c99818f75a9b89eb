#include "stats/roc.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>

#include "base/error.h"
#include "stats/finite.h"
#include "stats/location.h"

namespace faultline::stats {
namespace {

std::vector<double> descending(std::span<const double> scores) {
  std::vector<double> sorted = ascending(scores);
  std::reverse(sorted.begin(), sorted.end());
  return sorted;
}

double share_above(std::span<const double> descending, double threshold) {
  const auto end = std::partition_point(descending.begin(), descending.end(),
                                        [=](double score) { return score > threshold; });
  return static_cast<double>(end - descending.begin()) / static_cast<double>(descending.size());
}

}  // namespace

std::vector<RocPoint> roc_curve(std::span<const double> positives, std::span<const double> negatives) {
  const std::vector<double> above = descending(positives);
  const std::vector<double> below = descending(negatives);
  if (above.empty() || below.empty()) return {};
  std::vector<double> thresholds;
  std::merge(above.begin(), above.end(), below.begin(), below.end(), std::back_inserter(thresholds),
             std::greater<>());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  thresholds.push_back(std::nextafter(thresholds.back(), std::numeric_limits<double>::lowest()));
  std::vector<RocPoint> curve;
  for (const double threshold : thresholds) {
    curve.push_back({.threshold = threshold,
                     .false_positive_rate = share_above(below, threshold),
                     .true_positive_rate = share_above(above, threshold)});
  }
  return curve;
}

std::optional<double> threshold_at(std::span<const double> negatives, double false_positive_rate) {
  require(false_positive_rate >= 0 && false_positive_rate < 1, "threshold_at: the rate must be in [0,1)");
  const std::vector<double> sorted = descending(negatives);
  if (sorted.empty()) return {};
  // The rate may be a rounded fraction such as 0.05: the product's own rounding is not to cost a case.
  const double n = static_cast<double>(sorted.size());
  const double allowed =
      std::floor(false_positive_rate * n * (1 + 4 * std::numeric_limits<double>::epsilon()));
  return sorted[std::min(static_cast<std::size_t>(allowed), sorted.size() - 1)];
}

std::size_t count_above(std::span<const double> scores, double threshold) {
  require_finite(scores, "count_above: a score is not finite");
  return static_cast<std::size_t>(
      std::count_if(scores.begin(), scores.end(), [=](double score) { return score > threshold; }));
}

}  // namespace faultline::stats
