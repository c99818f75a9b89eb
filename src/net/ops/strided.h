#pragma once

#include <array>

#include "tensor/shape.h"

namespace faultline::net {

// Steps between neighbours along each axis of a tensor, in elements.
using Strides = std::array<std::int64_t, Shape::kMaxRank>;

inline Strides dense_strides(const Shape& shape) {
  Strides strides{};
  std::int64_t step = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    strides[static_cast<std::size_t>(axis)] = step;
    step *= shape[axis];
  }
  return strides;
}

// Strides that read a dense tensor of shape `from` as if it had the shape `to` (NumPy's broadcasting: axes
// are aligned at the last, and extents of 1 repeat).
inline Strides broadcast_strides(const Shape& from, const Shape& to) {
  const Strides dense = dense_strides(from);
  Strides strides{};
  for (int axis = 0; axis < from.rank(); ++axis) {
    if (from[axis] == 1) continue;
    strides[static_cast<std::size_t>(axis + to.rank() - from.rank())] = dense[static_cast<std::size_t>(axis)];
  }
  return strides;
}

// Calls visit(i, offsets) for every index of `shape` in row-major order: i counts, offsets[k] is the index's
// scalar product with strides[k].
template <std::size_t K, class Visit>
void for_each_index(const Shape& shape, const std::array<Strides, K>& strides, const Visit& visit) {
  std::array<std::int64_t, Shape::kMaxRank> index{};
  std::array<std::int64_t, K> offsets{};
  const std::int64_t count = shape.elements();
  for (std::int64_t i = 0; i < count; ++i) {
    visit(i, offsets);
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
      const auto a = static_cast<std::size_t>(axis);
      const bool wraps = ++index[a] == shape[axis];
      for (std::size_t k = 0; k < K; ++k)
        offsets[k] += wraps ? -strides[k][a] * (shape[axis] - 1) : strides[k][a];
      if (!wraps) break;
      index[a] = 0;
    }
  }
}

}  // namespace faultline::net
