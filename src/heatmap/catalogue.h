#pragma once

#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "heatmap/channel_sum.h"

namespace faultline::heatmap {

// Maps [R,h,w] of a layer, R seeds; seed r is taken at row r.
using LayerMaps = DoubleTensor (*)(const engine::Observation& layer);

// A way to make heatmaps of a layer during a backward sweep with one seed for each row, in order.
struct HeatmapMethod {
  std::string_view name;
  std::string_view description;  // one line
  std::string_view source;
  std::variant<ChannelSum, LayerMaps> how;
  bool is_signed = false;       // whether maps have negative cells; else they are >= 0
  bool of_probability = false;  // it is made of the score as a probability (Score::as_probability)

  // Whether `map` alone says it all: it takes neither the score's value nor a score of its own.
  bool needs_gradients_only() const;
  // Maps [R,h,w]; see channel_sums. Throws ContractError unless needs_gradients_only().
  DoubleTensor map(const engine::Observation& layer) const;
};

// The maps of several methods from as few sweeps over the layer as they need, each the same bits as its own
// method's `map`. scores: as of channel_sums.
std::vector<DoubleTensor> heatmaps(const engine::Observation& layer, std::span<const HeatmapMethod> methods,
                                   std::span<const double> scores = {});

// The methods that exist, the default first. Adding one is adding a line to this table and its file.
std::span<const HeatmapMethod> heatmap_methods();
// Those that are compared unless others are asked for, the first of heatmap_methods.
std::span<const HeatmapMethod> standard_heatmap_methods();

// Throws Error{usage} listing the names.
const HeatmapMethod& heatmap_method(std::string_view name);

}  // namespace faultline::heatmap
