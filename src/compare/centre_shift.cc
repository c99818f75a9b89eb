#include "compare/centre_shift.h"

#include <cmath>

namespace faultline::compare {
namespace {

struct Position {
  double y = 0;
  double x = 0;
};

Position centre_of_mass(const RankedMap& map) {
  Position centre;
  std::size_t cell = 0;
  for (std::int64_t y = 0; y < map.height(); ++y) {
    for (std::int64_t x = 0; x < map.width(); ++x, ++cell) {
      centre.y += static_cast<double>(y) * map.values()[cell];
      centre.x += static_cast<double>(x) * map.values()[cell];
    }
  }
  return {centre.y / map.mass(), centre.x / map.mass()};
}

}  // namespace

Measured centre_shift(const RankedMap& clean, const RankedMap& other) {
  require_same_size(clean, other);
  if (clean.blank() || other.blank()) return {};
  const Position a = centre_of_mass(clean);
  const Position b = centre_of_mass(other);
  const double diagonal = std::hypot(static_cast<double>(clean.height()), static_cast<double>(clean.width()));
  return std::hypot(a.y - b.y, a.x - b.x) / diagonal;
}

}  // namespace faultline::compare
