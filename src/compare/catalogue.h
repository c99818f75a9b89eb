#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/settings.h"
#include "compare/measured.h"
#include "compare/ranked_map.h"
#include "compare/structural_similarity.h"

namespace faultline::compare {

// What can be set of the distances; each reads what concerns it.
struct DistanceOptions {
  double share = 0.2;            // iou
  SimilarityWindow window = {};  // ssim
  int cells = 8;                 // earth-mover
};

// A way to say how far a heatmap is from the clean one. Every distance of the table is 0 for equal maps and
// missing where either map is blank, and does not change if a map is multiplied by a positive number.
struct MapDistance {
  std::string_view name;
  std::string_view description;  // one line, with range
  std::string_view source;
  bool by_default;  // or only if asked for
  std::span<const Parameter> parameters;
  Measured (*measure)(const RankedMap& clean, const RankedMap& other, const DistanceOptions& with);
  DistanceOptions options = {};

  Measured distance(const RankedMap& clean, const RankedMap& other) const {
    return measure(clean, other, options);
  }
};

// The distances that exist, in order of importance. Adding one is adding a line to this table and its file.
std::span<const MapDistance> map_distances();
std::vector<MapDistance> default_map_distances();

// Throws Error{usage} listing the names.
const MapDistance& map_distance(std::string_view name);

// Settings of the distance's parameters, none given. Throws Error{usage} for an unknown distance.
Settings distance_settings(std::string_view name);
// The distance with the options that its settings say. Throws Error{usage} for an unknown one, or values that
// its table cannot tell from good ones.
MapDistance configured_distance(const Settings& settings);

}  // namespace faultline::compare
