#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// 1 - <H, H'> / (|H| |H'|), in [0,1]. Missing if either map is blank. Throws ContractError if the sizes
// differ.
Measured cosine_distance(const RankedMap& clean, const RankedMap& other);

}  // namespace faultline::compare
