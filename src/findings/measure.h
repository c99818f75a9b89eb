#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "stats/interval.h"

namespace faultline::findings {

using Measured = std::optional<double>;

// What a run's images say of one quantity.
struct Measure {
  std::string name = {};
  std::optional<stats::Estimate> estimate = {};  // missing for n = 0
  std::size_t n = 0;                             // images
};

// The ends of its interval, where it has one.
std::optional<stats::Interval> interval_of(const Measure& measure);

}  // namespace faultline::findings
