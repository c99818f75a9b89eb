#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// Jensen-Shannon divergence in bits of p = H / sum H and q = H' / sum H':
//   sum (p log2(p / m) + q log2(q / m)) / 2,   m = (p + q) / 2,   in [0,1]. (Its square root is a metric.)
// Missing if either map is blank. Throws ContractError if the sizes differ.
Measured jensen_shannon_divergence(const RankedMap& clean, const RankedMap& other);

}  // namespace faultline::compare
