#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "base/philox.h"
#include "compare/ranked_map.h"

namespace faultline::compare::test {

inline RankedMap map_of(std::int64_t height, std::int64_t width, std::initializer_list<double> values) {
  return RankedMap(DoubleTensor(Shape{height, width}, values));
}

// Seeded maps of awkward kinds: ties, many zeros, one cell, constant, tiny and huge values, blank.
inline DoubleTensor awkward_map(std::int64_t height, std::int64_t width, int seed) {
  const RandomStream random(static_cast<std::uint64_t>(seed), "awkward map");
  DoubleTensor map(Shape{height, width});
  const std::uint64_t kind = random.below(0, 7);
  for (std::int64_t i = 0; i < map.elements(); ++i) {
    const auto index = static_cast<std::uint64_t>(i) + 1;
    const double u = random.uniform(index);
    const double normal = random.normal(index);
    if (kind == 0) map[i] = u;
    if (kind == 1) map[i] = static_cast<double>(random.below(index, 3));
    if (kind == 2) map[i] = normal > 1 ? normal : 0;
    if (kind == 3) map[i] = 0.1;
    if (kind == 4) map[i] = u * 5e-324 * 8;
    if (kind == 5) map[i] = u < 0.5 ? 1e308 * u : 1e-300 * u;
  }
  if (kind == 6 && seed % 3 == 0) map[map.elements() / 2] = 1e-20;  // else blank
  return map;
}

inline const std::vector<Shape>& awkward_sizes() {
  static const std::vector<Shape> kSizes = {Shape{1, 1}, Shape{1, 7}, Shape{9, 1},   Shape{2, 2},
                                            Shape{3, 5}, Shape{7, 7}, Shape{14, 14}, Shape{13, 20}};
  return kSizes;
}

}  // namespace faultline::compare::test
