#pragma once

#include <cstdint>
#include <span>

namespace faultline::stats {

struct Tails {
  double at_most = 1;   // P(T <= t)
  double at_least = 1;  // P(T >= t)
};

// The exact distribution of T = sum of the ranks that a fair coin each selects: Wilcoxon's statistic when the
// distribution is symmetric about 0.
//   doubled_ranks: twice each midrank, so that ties need no fractions; doubled_sum: twice t. A dynamic
//   programme counts, rank by rank, the selections of each sum: whole numbers up to 2^n, exact in double for
//   n <= 52.
// Throws ContractError for more than 52 ranks or a negative one.
Tails signed_rank_tails(std::span<const std::int64_t> doubled_ranks, std::int64_t doubled_sum);

}  // namespace faultline::stats
