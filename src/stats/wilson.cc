#include "stats/wilson.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "stats/distributions.h"

namespace faultline::stats {

std::optional<Estimate> wilson(std::size_t successes, std::size_t trials, double confidence) {
  require(successes <= trials, "wilson: more successes than trials");
  require(confidence > 0 && confidence < 1, "wilson: confidence must be in (0,1)");
  if (trials == 0) return {};
  const double k = static_cast<double>(successes);
  const double n = static_cast<double>(trials);
  const double z = normal_quantile((1 + confidence) / 2);
  const double centre = (k + z * z / 2) / (n + z * z);
  const double half = z * std::sqrt(k * (n - k) / n + z * z / 4) / (n + z * z);
  return Estimate{.value = k / n,
                  .interval = Interval{.lower = successes == 0 ? 0 : std::max(0.0, centre - half),
                                       .upper = successes == trials ? 1 : std::min(1.0, centre + half)}};
}

}  // namespace faultline::stats
