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

// The median of the drawn values of an ascending sample, by counting how often each was drawn.
class DrawnMedian {
 public:
  explicit DrawnMedian(std::span<const double> sorted) : sorted_(sorted), times_(sorted.size()) {}

  double operator()(std::span<const std::uint32_t> drawn) {
    std::fill(times_.begin(), times_.end(), 0U);
    for (const std::uint32_t unit : drawn) ++times_[unit];
    std::size_t unit = 0;
    std::size_t up_to_unit = times_[0];
    const auto drawn_in_place = [&](std::size_t place) {
      while (up_to_unit <= place) up_to_unit += times_[++unit];
      return sorted_[unit];
    };
    const double lower = drawn_in_place((drawn.size() - 1) / 2);
    return std::midpoint(lower, drawn_in_place(drawn.size() / 2));
  }

 private:
  std::span<const double> sorted_;
  std::vector<std::uint32_t> times_;
};

}  // namespace

std::optional<Estimate> bootstrap_mean(std::span<const double> sample, const BootstrapOptions& options) {
  require_valid(options);
  const std::vector<double> sorted = ascending(sample);
  if (sorted.empty()) return {};
  const double centre = *mean(sorted);
  if (sorted.size() == 1) return Estimate{.value = centre, .interval = {}};
  const double n = static_cast<double>(sorted.size());
  const auto drawn_mean = [&](std::span<const std::uint32_t> drawn) {
    double sum = 0;
    for (const std::uint32_t unit : drawn) sum += sorted[unit] - centre;
    return centre + sum / n;
  };
  const auto means = resampled(sorted.size(), options, [&] { return drawn_mean; });
  return Estimate{.value = centre, .interval = interval_of(means, options.confidence)};
}

std::optional<Estimate> bootstrap_median(std::span<const double> sample, const BootstrapOptions& options) {
  require_valid(options);
  const std::vector<double> sorted = ascending(sample);
  if (sorted.empty()) return {};
  const double centre = *median(sorted);
  if (sorted.size() == 1) return Estimate{.value = centre, .interval = {}};
  const auto medians = resampled(sorted.size(), options, [&] { return DrawnMedian(sorted); });
  return Estimate{.value = centre, .interval = interval_of(medians, options.confidence)};
}

std::optional<Interval> bootstrap_interval(std::size_t units, const Statistic& statistic,
                                           const BootstrapOptions& options) {
  require_valid(options);
  if (units < 2) return {};
  std::vector<double> values;
  for (const std::optional<double>& value : resampled(units, options, [&] { return std::ref(statistic); })) {
    if (value) values.push_back(*value);
  }
  if (10 * values.size() < 9 * options.resamples) return {};
  return interval_of(std::move(values), options.confidence);
}

}  // namespace faultline::stats
