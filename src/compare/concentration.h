#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// How concentrated a heatmap H of Z cells is; p = H / sum H.
struct Concentration {
  Measured entropy;    // -sum p ln p / ln Z, in [0,1]: 0 one cell, 1 evenly spread
  Measured gini;       // sum_i (2i - Z - 1) H_(i) / (Z sum H), H_(i) ascending, i from 1: in [0, 1 - 1/Z], 0
                       // evenly spread
  Measured half_mass;  // cells of the half-mass region / Z, in (0, 1]
};

// All three are missing for a blank map; entropy also for a map of one cell.
Concentration concentration(const RankedMap& map);

// The half-mass region: the fewest cells, taken by value (of equal ones the first in row-major order), that
// hold half of the map's mass, up to rounding (1e-12 of the mass). They are the first half_mass_cells(map) of
// map.descending(); 0 for a blank map.
std::size_t half_mass_cells(const RankedMap& map);

}  // namespace faultline::compare
