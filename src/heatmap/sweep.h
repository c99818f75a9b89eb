#pragma once

#include <span>
#include <vector>

#include "engine/engine.h"
#include "heatmap/catalogue.h"

namespace faultline::heatmap {

// Heatmaps of many layers by many methods from one backward sweep.
//   layers: observed nodes, each at most once; seeds: one for each row of the pass, in order (see score.h).
//   -> [layer][method], each [R,h,w] at the layer's resolution, raw (not normalised).
// Throws ContractError if there are not as many seeds as rows, or seeds name other rows than 0, 1, ..., R-1.
std::vector<std::vector<DoubleTensor>> heatmaps_of_all_layers(engine::Plan& plan, const engine::Pass& pass,
                                                              std::span<const net::NodeId> layers,
                                                              std::span<const HeatmapMethod> methods,
                                                              const engine::Seeds& seeds);

}  // namespace faultline::heatmap
