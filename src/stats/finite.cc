#include "stats/finite.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline::stats {

void require_finite(std::span<const double> values, const char* message) {
  require(std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }), message);
}

}  // namespace faultline::stats
