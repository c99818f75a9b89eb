#include "compare/measured.h"

#include <cmath>

namespace faultline::compare {

Measured quotient(double numerator, double denominator) {
  if (denominator == 0) return {};
  const double value = numerator / denominator;
  return std::isfinite(value) ? Measured(value) : Measured();
}

Measured mean_of(std::span<const Measured> values) {
  double total = 0;
  int count = 0;
  for (const Measured& value : values) {
    if (!value) continue;
    total += *value;
    ++count;
  }
  return quotient(total, count);
}

}  // namespace faultline::compare
