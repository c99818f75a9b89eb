#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace faultline::stats {

struct Midranks {
  std::vector<double> ranks;      // ascending from 1; equal values share the mean of their ranks
  std::vector<std::size_t> ties;  // sizes of the groups of equal values, of two and more, ascending by value
};

// Ranks of a sample. Twice a midrank is a whole number. Throws ContractError if a value is not finite.
Midranks midranks(std::span<const double> values);

// sum of t^3 - t over groups of t equal values: what ties take from the variance of sums of ranks.
double tie_term(std::span<const std::size_t> ties);

}  // namespace faultline::stats
