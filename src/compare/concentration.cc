#include "compare/concentration.h"

#include <algorithm>
#include <cmath>

namespace faultline::compare {
namespace {

Measured normalized_entropy(const RankedMap& map) {
  if (map.blank() || map.cells() == 1) return {};
  double entropy = 0;
  for (const std::uint32_t cell : map.descending()) {
    const double p = map.values()[cell] / map.mass();
    if (p > 0) entropy -= p * std::log(p);
  }
  return std::clamp(entropy / std::log(static_cast<double>(map.cells())), 0.0, 1.0);
}

Measured gini_index(const RankedMap& map) {
  if (map.blank()) return {};
  const auto cells = static_cast<double>(map.cells());
  double weighted = 0;
  double rank = cells;  // ascending, from 1; the cells that are 0 add nothing
  for (const std::uint32_t cell : map.descending()) {
    weighted += (2 * rank - cells - 1) * map.values()[cell];
    rank -= 1;
  }
  return std::max(0.0, weighted / (cells * map.mass()));
}

}  // namespace

std::size_t half_mass_cells(const RankedMap& map) {
  constexpr double kRounding = 1e-12;
  const double half = 0.5 * map.mass() * (1 - kRounding);
  double held = 0;
  std::size_t count = 0;
  for (const std::uint32_t cell : map.descending()) {
    if (held >= half) break;
    held += map.values()[cell];
    ++count;
  }
  return count;
}

Concentration concentration(const RankedMap& map) {
  Concentration result{.entropy = normalized_entropy(map), .gini = gini_index(map), .half_mass = {}};
  if (!map.blank()) {
    result.half_mass = static_cast<double>(half_mass_cells(map)) / static_cast<double>(map.cells());
  }
  return result;
}

}  // namespace faultline::compare
