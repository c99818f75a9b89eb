#include "compare/measured.h"

#include <cmath>

namespace faultline::compare {

Measured quotient(double numerator, double denominator) {
  if (denominator == 0) return {};
  const double value = numerator / denominator;
  return std::isfinite(value) ? Measured(value) : Measured();
}

}  // namespace faultline::compare
