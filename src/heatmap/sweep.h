#pragma once

#include <span>
#include <vector>

#include "engine/engine.h"
#include "heatmap/catalogue.h"
#include "heatmap/score.h"

namespace faultline::heatmap {

// Heatmaps of many layers by many methods from one backward sweep; from a second one too if some methods are
// made of the score as a probability, and the score is none.
//   layers: observed nodes, each at most once; score, classes: what the maps explain, of each row.
//   -> [layer][method], each [R,h,w] at the layer's resolution, raw (not normalised), R rows.
std::vector<std::vector<DoubleTensor>> heatmaps_of_all_layers(engine::Plan& plan, const engine::Pass& pass,
                                                              std::span<const net::NodeId> layers,
                                                              std::span<const HeatmapMethod> methods,
                                                              const Score& score, const ClassPair& classes);

// The same of any seeds, for methods that need gradients only.
// Throws ContractError for another method, if there are not as many seeds as rows, or seeds name other rows
// than 0, 1, ..., R-1.
std::vector<std::vector<DoubleTensor>> heatmaps_of_all_layers(engine::Plan& plan, const engine::Pass& pass,
                                                              std::span<const net::NodeId> layers,
                                                              std::span<const HeatmapMethod> methods,
                                                              const engine::Seeds& seeds);

}  // namespace faultline::heatmap
