#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "heatmap/channel_sum.h"

namespace faultline::heatmap {

// A way to make heatmaps of a layer during a backward sweep with one seed for each row, in order.
struct HeatmapMethod {
  std::string_view name;
  std::string_view description;  // one line
  ChannelSum formula;

  // Maps [R,h,w] >= 0; see channel_sums.
  DoubleTensor map(const engine::Observation& layer) const;
};

// The maps of several methods from as few sweeps over the layer as they need, each the same bits as its own
// method's `map`.
std::vector<DoubleTensor> heatmaps(const engine::Observation& layer, std::span<const HeatmapMethod> methods);

// The methods that exist, the default first. Adding one is adding a line to this table and its file.
std::span<const HeatmapMethod> heatmap_methods();

// Throws Error{usage} listing the names.
const HeatmapMethod& heatmap_method(std::string_view name);

}  // namespace faultline::heatmap
