#include "findings/deviating.h"

#include <algorithm>
#include <cmath>

#include "findings/rules.h"
#include "stats/distributions.h"
#include "stats/holm.h"
#include "stats/location.h"

namespace faultline::findings {

Measured deviating_p(Measured deviation, std::span<const Measured> draws) {
  const auto usable = [](const Measured& of) { return of && *of > 0; };
  if (draws.size() < 2 || !usable(deviation) || !std::all_of(draws.begin(), draws.end(), usable)) return {};
  std::vector<double> logarithms;
  for (const Measured& draw : draws) logarithms.push_back(std::log(*draw));
  const auto [least, largest] = std::minmax_element(logarithms.begin(), logarithms.end());
  if (*least == *largest) return {};
  const double mean = *stats::mean(logarithms);
  double squares = 0;
  for (const double x : logarithms) squares += (x - mean) * (x - mean);
  const double draws_count = static_cast<double>(draws.size());
  const double spread = std::sqrt(squares / (draws_count - 1) * (1 + 1 / draws_count));
  const double t = (std::log(*deviation) - mean) / spread;
  return std::min(1.0, 2 * stats::student_t_survival(std::abs(t), draws_count - 1));
}

std::vector<bool> deviating(std::span<const Measured> p) {
  std::vector<double> family;
  for (const Measured& of : p) {
    if (of) family.push_back(*of);
  }
  const std::vector<double> adjusted = stats::holm(family);
  std::vector<bool> result;
  std::size_t next = 0;
  for (const Measured& of : p) result.push_back(of && adjusted[next++] <= kAlpha);
  return result;
}

}  // namespace faultline::findings
