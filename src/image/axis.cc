#include "image/axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace faultline::codec {

namespace {

double round_step(double range) {
  const double power = std::pow(10.0, std::floor(std::log10(range / 4.0)));
  for (const double factor : {5.0, 2.0}) {
    if (range / (factor * power) >= 4.0) return factor * power;
  }
  return power;
}

}  // namespace

Axis make_axis(const std::vector<double>& values) {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    const double shown = std::clamp(value, -1e300, 1e300);  // so that the range stays finite
    low = std::min(low, shown);
    high = std::max(high, shown);
  }
  if (!(low <= high)) return {.empty = true};
  // Equal values, and such as differ by rounding only, get a range round them.
  const double half = std::max({(high - low) / 2.0, 1e-9 * std::fabs(high), 1e-300});
  const double room = low == high ? std::max(std::fabs(high) / 2.0, 0.5) : 0.12 * half;
  Axis axis{.low = low - room, .high = high + room};
  const double step = round_step(axis.high - axis.low);
  for (double i = std::ceil(axis.low / step); i * step <= axis.high && axis.ticks.size() < 12; ++i) {
    axis.ticks.push_back(i * step);
  }
  return axis;
}

std::string tick_text(double tick) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", tick == 0.0 ? 0.0 : tick);  // no "-0"
  return text.data();
}

}  // namespace faultline::codec
