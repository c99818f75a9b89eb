#include "findings/simultaneous_means.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "findings/rules.h"
#include "stats/bootstrap.h"
#include "stats/distributions.h"
#include "stats/simultaneous_bands.h"

namespace faultline::findings {
namespace {

using Units = std::vector<std::vector<Measured>>;

std::vector<std::size_t> measured_positions(const Units& units, std::size_t positions) {
  std::vector<std::size_t> found;
  for (std::size_t j = 0; j < positions; ++j) {
    if (std::any_of(units.begin(), units.end(), [&](const auto& unit) { return unit[j].has_value(); }))
      found.push_back(j);
  }
  return found;
}

std::size_t count_of(const std::vector<Measured>& unit, const std::vector<std::size_t>& positions) {
  return static_cast<std::size_t>(
      std::count_if(positions.begin(), positions.end(), [&](std::size_t j) { return unit[j].has_value(); }));
}

struct CompleteUnits {
  std::vector<double> values;  // [units, positions]
  std::size_t incomplete = 0;  // units with some but not all
};

CompleteUnits complete_units(const Units& units, const std::vector<std::size_t>& positions) {
  CompleteUnits complete;
  for (const auto& unit : units) {
    const std::size_t count = count_of(unit, positions);
    if (count == positions.size()) {
      for (const std::size_t j : positions) complete.values.push_back(*unit[j]);
    } else if (count > 0) {
      ++complete.incomplete;
    }
  }
  return complete;
}

// Whether the bands' critical value is beyond what any sample of ordinary spread gives: kWidestBands times
// Bonferroni's, by Student's t. It is so where hardly a unit differs at some position: resamples without
// those have next to no spread there.
bool too_wide(const std::vector<stats::Estimate>& estimates, const CompleteUnits& complete) {
  const std::size_t positions = estimates.size();
  const auto rows = static_cast<double>(complete.values.size()) / static_cast<double>(positions);
  for (std::size_t j = 0; j < positions; ++j) {
    const double half = estimates[j].interval->upper - estimates[j].value;
    double squares = 0;
    for (std::size_t at = j; at < complete.values.size(); at += positions)
      squares += (complete.values[at] - estimates[j].value) * (complete.values[at] - estimates[j].value);
    const double standard_error = std::sqrt(squares / (rows - 1) / rows);
    if (!(half > 0) || !(standard_error > 0)) continue;
    const double tail = stats::student_t_survival(half / standard_error / kWidestBands, rows - 1);
    return 2 * tail * static_cast<double>(positions) < 1 - kConfidence;
  }
  return false;
}

// Missing where the units are too incomplete, or a band is lacking or too wide.
std::optional<std::vector<stats::Estimate>> bands(const CompleteUnits& complete, std::size_t positions,
                                                  std::size_t resamples) {
  const std::size_t rows = complete.values.size() / positions;
  const double most = kMostIncomplete * static_cast<double>(rows + complete.incomplete);
  if (rows == 0 || static_cast<double>(complete.incomplete) > most) return {};
  auto estimates = stats::simultaneous_bands(stats::Table(complete.values, positions),
                                             {.resamples = resamples, .confidence = kConfidence});
  const bool lacking = std::any_of(estimates->begin(), estimates->end(),
                                   [](const stats::Estimate& of) { return !of.interval; });
  if (rows > 1 && (lacking || too_wide(*estimates, complete))) return {};
  return estimates;
}

}  // namespace

std::vector<Measure> simultaneous_means(const std::vector<std::string>& names, const Units& units,
                                        std::size_t resamples) {
  for (const auto& unit : units)
    require(unit.size() == names.size(), "simultaneous_means: a unit's size is wrong");
  std::vector<Measure> means;
  for (const std::string& name : names) means.push_back({.name = name, .estimate = {}, .n = 0});
  const std::vector<std::size_t> positions = measured_positions(units, names.size());
  if (positions.empty()) return means;
  const CompleteUnits complete = complete_units(units, positions);
  const auto together = bands(complete, positions.size(), resamples);
  const double alone = 1 - (1 - kConfidence) / static_cast<double>(positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    Measure& mean = means[positions[i]];
    if (together) {
      mean.estimate = (*together)[i];
      mean.n = complete.values.size() / positions.size();
      continue;
    }
    std::vector<double> sample;
    for (const auto& unit : units) {
      if (unit[positions[i]]) sample.push_back(*unit[positions[i]]);
    }
    mean.estimate = stats::bootstrap_mean(sample, {.resamples = resamples, .confidence = alone});
    mean.n = sample.size();
  }
  return means;
}

}  // namespace faultline::findings
