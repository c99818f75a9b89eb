#include "stats/bootstrap.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "stats/location.h"
#include "stats/quantile.h"

namespace faultline::stats {
namespace {

Interval interval_of(std::vector<double> values, double confidence) {
  std::sort(values.begin(), values.end());
  return central_interval(values, confidence);
}

// The median of the drawn values: indices of an ascending sample are ordered as its values are.
double drawn_median(std::span<const double> sorted, std::span<std::uint32_t> drawn) {
  const auto middle = drawn.begin() + static_cast<std::ptrdiff_t>(drawn.size() / 2);
  std::nth_element(drawn.begin(), middle, drawn.end());
  if (drawn.size() % 2 == 1) return sorted[*middle];
  return std::midpoint(sorted[*std::max_element(drawn.begin(), middle)], sorted[*middle]);
}

}  // namespace

std::optional<Estimate> bootstrap_mean(std::span<const double> sample, const BootstrapOptions& options) {
  require_valid(options);
  const std::vector<double> sorted = ascending(sample);
  if (sorted.empty()) return {};
  const double centre = *mean(sorted);
  if (sorted.size() == 1) return Estimate{.value = centre, .interval = {}};
  const double n = static_cast<double>(sorted.size());
  const auto means = resampled(sorted.size(), options, [&](std::span<std::uint32_t> drawn) {
    double sum = 0;
    for (const std::uint32_t unit : drawn) sum += sorted[unit] - centre;
    return centre + sum / n;
  });
  return Estimate{.value = centre, .interval = interval_of(means, options.confidence)};
}

std::optional<Estimate> bootstrap_median(std::span<const double> sample, const BootstrapOptions& options) {
  require_valid(options);
  const std::vector<double> sorted = ascending(sample);
  if (sorted.empty()) return {};
  const double centre = *median(sorted);
  if (sorted.size() == 1) return Estimate{.value = centre, .interval = {}};
  const auto medians = resampled(sorted.size(), options,
                                 [&](std::span<std::uint32_t> drawn) { return drawn_median(sorted, drawn); });
  return Estimate{.value = centre, .interval = interval_of(medians, options.confidence)};
}

std::optional<Interval> bootstrap_interval(std::size_t units, const Statistic& statistic,
                                           const BootstrapOptions& options) {
  require_valid(options);
  if (units < 2) return {};
  std::vector<double> values;
  for (const std::optional<double>& value :
       resampled(units, options, [&](std::span<std::uint32_t> drawn) { return statistic(drawn); })) {
    if (value) values.push_back(*value);
  }
  if (10 * values.size() < 9 * options.resamples) return {};
  return interval_of(std::move(values), options.confidence);
}

}  // namespace faultline::stats
