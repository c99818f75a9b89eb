#pragma once

#include <span>
#include <vector>

namespace faultline::stats {

// Holm's step-down adjustment (Scandinavian Journal of Statistics 1979) of the p-values of a family of m
// tests, in the order given:
//   adjusted p_(i) = max over j <= i of min(1, (m - j + 1) p_(j)),  p_(1) <= ... <= p_(m).
// Rejecting where the adjusted p <= alpha keeps the chance of any false rejection at most alpha, however the
// tests depend on each other.
// Throws ContractError if a p is not in [0,1].
std::vector<double> holm(std::span<const double> p);

}  // namespace faultline::stats
