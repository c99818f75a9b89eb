#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "causal/coalition.h"

namespace faultline::causal {

// Shapley values of a game whose coalitions are too many to play all, from random orders of its players.
struct SampledShapley {
  std::vector<double> values;           // [n]; they sum to v(everyone) - v(no one), whatever the orders
  std::vector<double> standard_errors;  // [n]: of the values, from the spread between pairs of orders
};

// The mean marginal contribution of each player over random orders, which come in pairs: an order and its
// reverse (antithetic sampling, Castro, Gomez and Tejada 2009; Mitchell et al. 2022), whose mean has the
// smaller variance.
//   v: of a coalition; is asked for each at most once.
//   pairs: at least 2, so that there is an error to state; costs at most 2 pairs (n - 1) + 2 values.
//   Orders are drawn from the stream (seed, stream).
SampledShapley sampled_shapley(int players, const std::function<double(Coalition)>& v, int pairs,
                               std::uint64_t seed, std::string_view stream);

}  // namespace faultline::causal
