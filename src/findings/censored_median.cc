#include "findings/censored_median.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "findings/numbers.h"
#include "findings/rules.h"
#include "stats/bootstrap.h"

namespace faultline::findings {
namespace {

// Stands for what is beyond; also the middle between it and any value is more than kBeyond.
constexpr double kStandIn = 1e300;
constexpr double kBeyond = 1e299;

Measured known(double value) {
  return value < kBeyond ? Measured{value} : Measured{};
}

}  // namespace

CensoredMedian censored_median(std::span<const Censored> values) {
  CensoredMedian median{.n = values.size()};
  std::vector<double> sample;
  for (const Censored& of : values) {
    sample.push_back(of.value.value_or(kStandIn));
    if (of.value && of.at_most) {
      ++median.at_floor;
      median.floor = std::max(median.floor.value_or(*of.value), *of.value);
    }
    if (of.value) continue;
    ++median.censored;
    if (of.limit) median.limit = std::min(median.limit.value_or(*of.limit), *of.limit);
  }
  const auto estimate =
      stats::bootstrap_median(sample, {.resamples = kTableResamples, .confidence = kConfidence});
  if (!estimate) return median;
  median.value = known(estimate->value);
  if (!estimate->interval) return median;
  median.lower = known(estimate->interval->lower);
  median.upper = known(estimate->interval->upper);
  return median;
}

std::string in_words(const CensoredMedian& median) {
  if (median.n == 0) return "not measured (n = 0)";
  const auto written = [&](const Measured& value) {
    if (value) return (median.at_most(*value) ? "at most " : "") + number(*value);
    return median.limit ? fmt::format("more than {}", number(*median.limit)) : "beyond what was tried";
  };
  if (median.n == 1) return fmt::format("{} (n = 1)", written(median.value));
  return fmt::format("{} (95 % interval {} to {}, n = {})", written(median.value), written(median.lower),
                     written(median.upper), median.n);
}

}  // namespace faultline::findings
