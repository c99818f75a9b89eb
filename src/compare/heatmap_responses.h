#pragma once

#include <span>
#include <vector>

#include "compare/responses.h"

namespace faultline::compare {

// Measures the heatmaps of one layer, maps [rows,h,w] a method, each against the clean row's (row 0) of its
// method. A map is scaled and sorted once; all maps and rows are worked on at once.
std::vector<HeatmapResponse> measure_heatmaps(std::vector<DoubleTensor> maps,
                                              std::span<const MapDistance> distances);

}  // namespace faultline::compare
