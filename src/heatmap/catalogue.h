#pragma once

#include <span>
#include <string_view>

#include "engine/observation.h"

namespace faultline::heatmap {

// A way to make heatmaps of a layer: from an observation during a backward sweep with one seed for each row,
// in order, to maps [R,h,w] >= 0.
struct HeatmapMethod {
  std::string_view name;
  std::string_view description;  // one line
  DoubleTensor (*map)(const engine::Observation& layer);
};

// The methods that exist, the default first. Adding one is adding a line to this table and its file.
std::span<const HeatmapMethod> heatmap_methods();

// Throws Error{usage} listing the names.
const HeatmapMethod& heatmap_method(std::string_view name);

}  // namespace faultline::heatmap
