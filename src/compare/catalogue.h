#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

// A way to say how far a heatmap is from the clean one. Every distance of the table is 0 for equal maps and
// missing where either map is blank, and does not change if a map is multiplied by a positive number.
struct MapDistance {
  std::string_view name;
  std::string_view description;  // one line, with range
  bool by_default;               // or only if asked for
  Measured (*distance)(const RankedMap& clean, const RankedMap& other);
};

// The distances that exist, in order of importance. Adding one is adding a line to this table and its file.
std::span<const MapDistance> map_distances();
std::vector<MapDistance> default_map_distances();

// Throws Error{usage} listing the names.
const MapDistance& map_distance(std::string_view name);

}  // namespace faultline::compare
