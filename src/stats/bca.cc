#include "stats/bca.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "stats/distributions.h"
#include "stats/location.h"
#include "stats/quantile.h"

namespace faultline::stats {
namespace {

double largest_magnitude(std::span<const double> values) {
  double largest = 0;
  for (const double x : values) largest = std::max(largest, std::abs(x));
  return largest;
}

// Of values that are not all 0. They are divided by the largest, so that no power overflows or vanishes.
double acceleration(std::span<const double> deviations) {
  const double scale = largest_magnitude(deviations);
  double squares = 0;
  double cubes = 0;
  for (const double d : deviations) {
    const double x = d / scale;
    squares += x * x;
    cubes += x * x * x;
  }
  return cubes / (6 * squares * std::sqrt(squares));
}

// The share of shifts below 0. What rounding alone can make of 0 counts as 0: of n values, whatever their
// order, no more than n epsilon times the largest.
double share_below(std::span<const double> shifts, double rounding) {
  double twice = 0;
  for (const double shift : shifts) twice += shift < -rounding ? 2 : (shift <= rounding ? 1 : 0);
  return twice / (2 * static_cast<double>(shifts.size()));
}

double corrected_level(double bias, double acceleration, double level) {
  const double z = bias + normal_quantile(level);
  const double divisor = 1 - acceleration * z;
  if (divisor <= 0) return z > 0 ? 1 : 0;  // beyond the pole of the formula: its limit there
  return normal_cdf(bias + z / divisor);
}

}  // namespace

std::optional<Estimate> bca_mean(std::span<const double> sample, const BootstrapOptions& options) {
  require_valid(options);
  std::vector<double> deviations = ascending(sample);
  if (deviations.empty()) return {};
  const double centre = *mean(deviations);
  if (deviations.size() == 1) return Estimate{.value = centre, .interval = {}};
  if (deviations.front() == deviations.back()) {
    return Estimate{.value = centre, .interval = Interval{centre, centre}};
  }
  for (double& x : deviations) x -= centre;
  const double n = static_cast<double>(deviations.size());
  const auto drawn_mean = [&](std::span<const std::uint32_t> drawn) {
    double sum = 0;
    for (const std::uint32_t unit : drawn) sum += deviations[unit];
    return sum / n;
  };
  auto shifts = resampled(deviations.size(), options, [&] { return drawn_mean; });
  const double rounding = n * std::numeric_limits<double>::epsilon() * largest_magnitude(deviations);
  const double share = share_below(shifts, rounding);
  if (share <= 0 || share >= 1) return Estimate{.value = centre, .interval = {}};
  std::sort(shifts.begin(), shifts.end());
  const double bias = normal_quantile(share);
  const double skew = acceleration(deviations);
  const auto bound = [&](double level) {
    return centre + quantile(shifts, corrected_level(bias, skew, level));
  };
  return Estimate{
      .value = centre,
      .interval = Interval{bound((1 - options.confidence) / 2), bound((1 + options.confidence) / 2)}};
}

}  // namespace faultline::stats
