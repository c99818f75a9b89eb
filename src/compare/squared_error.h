#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// mean over cells of (H / max H - H' / max H')^2, in [0,1]. Missing if either map is blank. Throws
// ContractError if the sizes differ.
Measured mean_squared_error(const RankedMap& clean, const RankedMap& other);

}  // namespace faultline::compare
