#include "tensor/shape.h"

#include <algorithm>

#include "base/error.h"

namespace faultline {

Shape::Shape(std::initializer_list<std::int64_t> extents)
    : Shape(std::span<const std::int64_t>(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const std::int64_t> extents) {
  for (const std::int64_t extent : extents) append(extent);
}

int Shape::index(int axis) const {
  const int positive = axis < 0 ? axis + rank_ : axis;
  require(positive >= 0 && positive < rank_, "Shape: axis out of range");
  return positive;
}

std::int64_t Shape::operator[](int axis) const {
  return extents_[static_cast<std::size_t>(index(axis))];
}
std::int64_t& Shape::operator[](int axis) {
  return extents_[static_cast<std::size_t>(index(axis))];
}

std::int64_t Shape::elements() const {
  return elements(0, rank_);
}

std::int64_t Shape::elements(int first, int last) const {
  std::int64_t product = 1;
  for (int axis = first; axis < last; ++axis) product *= (*this)[axis];
  return product;
}

bool Shape::operator==(const Shape& other) const {
  return std::equal(begin(), end(), other.begin(), other.end());
}

void Shape::append(std::int64_t extent) {
  require(rank_ < kMaxRank, "Shape: rank above 8");
  require(extent >= 0, "Shape: negative extent");
  extents_[static_cast<std::size_t>(rank_++)] = extent;
}

Shape Shape::stacked(std::int64_t n) const {
  Shape result{n};
  for (const std::int64_t extent : *this) result.append(extent);
  return result;
}

Shape Shape::with_leading(std::int64_t extent) const {
  Shape result = *this;
  result[0] = extent;
  return result;
}

Shape Shape::without_leading() const {
  require(rank_ > 0, "Shape: a scalar has no leading extent");
  return Shape(std::span<const std::int64_t>(begin() + 1, end()));
}

std::string Shape::to_string() const {
  std::string text = "[";
  for (int axis = 0; axis < rank_; ++axis) text += (axis == 0 ? "" : ", ") + std::to_string((*this)[axis]);
  return text + "]";
}

}  // namespace faultline
