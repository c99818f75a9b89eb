#pragma once

#include <cstddef>
#include <optional>

#include "stats/interval.h"

namespace faultline::stats {

// A proportion k / n with Wilson's score interval (JASA 1927), no continuity correction:
//   (k + z^2/2 -+ z sqrt(k (n - k) / n + z^2/4)) / (n + z^2),  z = Phi^-1((1 + confidence) / 2).
// It lies in [0,1], reaches 0 exactly where k = 0 and 1 where k = n, and always has a width. Missing if n =
// 0. Throws ContractError if k > n or the confidence is not in (0,1).
std::optional<Estimate> wilson(std::size_t successes, std::size_t trials, double confidence = 0.95);

}  // namespace faultline::stats
