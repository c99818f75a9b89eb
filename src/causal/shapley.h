#pragma once

#include <span>
#include <vector>

namespace faultline::causal {

// The Shapley value of each player of a game (Shapley 1953): its mean marginal contribution over all orders
// in which the players join,
//   phi_p = sum over coalitions S without p of |S|! (n - 1 - |S|)! / n! (v(S + p) - v(S)).
// They sum to v(everyone) - v(no one).
//   values [2^n]: v by coalition (coalition.h).  ->  [n]
std::vector<double> shapley_values(std::span<const double> values);

}  // namespace faultline::causal
