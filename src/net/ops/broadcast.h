#pragma once

#include <optional>

#include "tensor/shape.h"

namespace faultline::net {

// The shape of both broadcast together as NumPy does it (axes aligned at the last, extents of 1 repeat), or
// none.
inline std::optional<Shape> broadcast(const Shape& a, const Shape& b) {
  Shape result = a.rank() >= b.rank() ? a : b;
  const Shape& other = a.rank() >= b.rank() ? b : a;
  for (int axis = 1; axis <= other.rank(); ++axis) {
    if (result[-axis] != other[-axis] && result[-axis] != 1 && other[-axis] != 1) return std::nullopt;
    if (result[-axis] == 1) result[-axis] = other[-axis];
  }
  return result;
}

}  // namespace faultline::net
