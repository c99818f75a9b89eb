#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace faultline::compare {

// A heatmap made ready for measuring: scaled and sorted once, for all measures that need it. Every measure of
// this folder is the same for a map and any positive multiple of it.
class RankedMap {
 public:
  // map [h,w], finite, >= 0, not empty. Throws ContractError otherwise.
  explicit RankedMap(DoubleTensorView map);

  std::int64_t height() const { return height_; }
  std::int64_t width() const { return width_; }
  std::int64_t cells() const { return height_ * width_; }
  // Whether all cells are 0.
  bool blank() const { return descending_.empty(); }
  // Whether all cells are equal.
  bool constant() const;

  // The cells divided by the largest, row-major: in [0,1]. All 0 if blank.
  std::span<const double> values() const { return values_; }
  // Indices of the positive cells, the largest first, of equal ones the first in row-major order first.
  std::span<const std::uint32_t> descending() const { return descending_; }
  // Sum of values(); at least 1 unless blank.
  double mass() const { return mass_; }

 private:
  std::int64_t height_ = 0;
  std::int64_t width_ = 0;
  std::vector<double> values_;
  std::vector<std::uint32_t> descending_;
  double mass_ = 0;
};

// Throws ContractError if the sizes differ.
void require_same_size(const RankedMap& clean, const RankedMap& other);

}  // namespace faultline::compare
