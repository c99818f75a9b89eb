#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// 1 - |T and T'| / |T or T'| (intersection over union), in [0,1], where T is the set of the
// ceil(share Z) largest positive cells of H (Z cells; all positive ones if they are fewer), of equal ones the
// first in row-major order. Missing if either map is blank. Throws ContractError if the sizes differ.
Measured overlap_distance(const RankedMap& clean, const RankedMap& other, double share = 0.2);

}  // namespace faultline::compare
