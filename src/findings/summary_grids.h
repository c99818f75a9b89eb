#pragma once

#include <vector>

#include "findings/grid.h"
#include "findings/summary.h"

namespace faultline::findings {

// All tables of a summary, those of all conditions together, each under its name. Tables without rows too.
std::vector<Grid> grids(const Summary& summary);

}  // namespace faultline::findings
