#pragma once

#include <optional>

namespace faultline::stats {

// A confidence interval, both ends included.
struct Interval {
  double lower = 0;
  double upper = 0;
};

// What a sample says of a quantity. The interval is missing where the sample is too small to have one.
struct Estimate {
  double value = 0;
  std::optional<Interval> interval;
};

}  // namespace faultline::stats
