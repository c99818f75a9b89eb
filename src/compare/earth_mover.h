#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// The earth mover's distance (Rubner et al., "The Earth Mover's Distance as a Metric for Image Retrieval",
// IJCV 2000) of the two maps, averaged over areas to at most cells x cells of them and divided by their sums:
//   the least sum of mass x distance moved that turns one into the other, distances between the centres of
//   cells in fractions of the map's diagonal sqrt(h^2 + w^2); in [0, 1).
// Exact but for rounding masses to 2^-40 of the whole. Missing if either map is blank. Throws ContractError
// if the sizes differ.
Measured earth_mover_distance(const RankedMap& clean, const RankedMap& other, int cells = 8);

}  // namespace faultline::compare
