#include "compare/overlap_distance.h"

#include <algorithm>
#include <cmath>

namespace faultline::compare {
namespace {

std::span<const std::uint32_t> top_cells(const RankedMap& map, double share) {
  // Less what rounding may add to a product that is a whole number.
  const double exact = share * static_cast<double>(map.cells());
  const auto wanted = static_cast<std::size_t>(std::max(1.0, std::ceil(exact - 1e-9)));
  return map.descending().first(std::min(wanted, map.descending().size()));
}

}  // namespace

Measured overlap_distance(const RankedMap& clean, const RankedMap& other, double share) {
  require_same_size(clean, other);
  if (clean.blank() || other.blank()) return {};
  const auto clean_top = top_cells(clean, share);
  const auto other_top = top_cells(other, share);
  std::vector<std::uint8_t> in_clean(static_cast<std::size_t>(clean.cells()), 0);
  for (const std::uint32_t cell : clean_top) in_clean[cell] = 1;
  std::size_t shared = 0;
  for (const std::uint32_t cell : other_top) shared += in_clean[cell];
  const std::size_t together = clean_top.size() + other_top.size() - shared;
  return 1 - static_cast<double>(shared) / static_cast<double>(together);
}

}  // namespace faultline::compare
