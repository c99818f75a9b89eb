#include "stats/mcnemar.h"

#include <algorithm>

#include "stats/distributions.h"

namespace faultline::stats {

double mcnemar_test(std::size_t only_first, std::size_t only_second) {
  return std::min(1.0, 2 * binomial_cdf(std::min(only_first, only_second), only_first + only_second, 0.5));
}

}  // namespace faultline::stats
