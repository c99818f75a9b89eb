#pragma once

#include <span>
#include <vector>

#include "compare/responses.h"

namespace faultline::compare {

// Measures the heatmaps of one layer and method, maps [rows,h,w], each against the clean row's (row 0).
HeatmapResponse measure_heatmaps(DoubleTensor maps, std::span<const MapDistance> distances);

}  // namespace faultline::compare
