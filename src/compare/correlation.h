#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// 1 - r, r Pearson's correlation of the cells of the two maps: in [0,2]. Missing if either map is constant (a
// blank one is, and one of a single cell). Throws ContractError if the sizes differ.
Measured pearson_distance(const RankedMap& clean, const RankedMap& other);

// 1 - rho, rho Spearman's: Pearson's correlation of the ranks, of equal cells the mean of theirs. Missing as
// above.
Measured spearman_distance(const RankedMap& clean, const RankedMap& other);

}  // namespace faultline::compare
