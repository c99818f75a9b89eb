#include "compare/distraction.h"

#include <algorithm>

#include "compare/concentration.h"

namespace faultline::compare {
namespace {

double share(const RankedMap& map, std::span<const std::uint32_t> region) {
  double inside = 0;
  for (const std::uint32_t cell : region) inside += map.values()[cell];
  return inside / map.mass();
}

}  // namespace

Measured distraction(const RankedMap& clean, const RankedMap& other) {
  require_same_size(clean, other);
  if (clean.blank() || other.blank()) return {};
  const auto region = clean.descending().first(half_mass_cells(clean));
  return std::clamp(1 - share(other, region) / share(clean, region), -1.0, 1.0);
}

}  // namespace faultline::compare
