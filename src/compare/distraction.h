#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// How much of the attention has left the area of concentration of the clean map H:
//   1 - (share of H' inside the half-mass region of H) / (share of H inside it),   in [-1, 1].
// 0 for identical maps, 1 where H' has nothing there. It is > 0 for nearly any noise, as the region is chosen
// for H: only differences between inputs mean something. Missing if either map is blank.
// Throws ContractError if the sizes differ.
Measured distraction(const RankedMap& clean, const RankedMap& other);

}  // namespace faultline::compare
