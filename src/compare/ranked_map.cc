#include "compare/ranked_map.h"

#include <algorithm>
#include <cmath>

#include "compare/descending_order.h"

namespace faultline::compare {

RankedMap::RankedMap(DoubleTensorView map) {
  require(map.shape().rank() == 2 && map.elements() > 0, "RankedMap: a map [h,w]");
  height_ = map.shape()[0];
  width_ = map.shape()[1];
  double largest = 0;
  for (const double value : map.values()) {
    require(std::isfinite(value) && value >= 0, "RankedMap: finite values, none negative");
    largest = std::max(largest, value);
  }
  values_.reserve(static_cast<std::size_t>(cells()));
  for (const double value : map.values()) {
    // A quotient may underflow to 0: such a cell does not count as positive either.
    values_.push_back(largest > 0 ? value / largest : 0.0);
    mass_ += values_.back();
  }
  descending_ = descending_order(values_);
}

bool RankedMap::constant() const {
  if (blank()) return true;
  const std::size_t last = descending_.back();
  return std::ssize(descending_) == cells() && values_[last] == 1;
}

void require_same_size(const RankedMap& clean, const RankedMap& other) {
  require(clean.height() == other.height() && clean.width() == other.width(), "RankedMap: maps of one size");
}

}  // namespace faultline::compare
