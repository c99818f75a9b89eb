#pragma once

#include <cstddef>
#include <vector>

#include "stats/table.h"

namespace faultline::stats {

// Ranks that an item may have, 1 for the largest.
struct RankInterval {
  std::size_t best = 1;
  std::size_t worst = 1;
};

// Simultaneous rank intervals of the p columns of a table whose rows are units measured in all of them:
//   of column j [1 + number significantly above j, p - number significantly below j],
// from two-sided signed-rank tests of all p (p - 1) / 2 pairs of columns, adjusted by Holm. All intervals
// hold together with confidence 1 - alpha: a false one needs a false rejection. "Above" is where the larger
// sum of ranks lies. Without units, or with too few to reject anything, every interval is [1, p].
//   Source: the construction of Al Mohamad, Goeman and van Zwet (Biometrics 2022), for another family of
//   tests.
// Throws ContractError if alpha is not in (0,1).
std::vector<RankInterval> rank_intervals(const Table& units, double alpha = 0.05);

}  // namespace faultline::stats
