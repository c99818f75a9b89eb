#pragma once

#include <string>
#include <vector>

namespace faultline::codec {

// A linear axis: the range shown and round numbers within it, about 4 to 12 of them, a step of 1, 2 or 5
// times a power of ten apart.
struct Axis {
  double low = 0.0;
  double high = 1.0;
  std::vector<double> ticks{};
  bool empty = false;  // nothing to show: no ticks
};

// An axis over the values, NaN and infinity left out, with some room at both ends; empty if there are none.
Axis make_axis(const std::vector<double>& values);

// As short as tells the ticks of a step apart: "0.25", "-3", "1e-07".
std::string tick_text(double tick);

}  // namespace faultline::codec
