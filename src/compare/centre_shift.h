#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// How far the centre of mass has moved: the distance of the two maps' centres, sum (y, x) H / sum H, in
// fractions of the map's diagonal sqrt(h^2 + w^2); in [0, 1). Missing if either map is blank. Throws
// ContractError if the sizes differ.
Measured centre_shift(const RankedMap& clean, const RankedMap& other);

}  // namespace faultline::compare
