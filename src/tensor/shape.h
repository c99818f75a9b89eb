#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace faultline {

// The extents of a tensor, outermost first; rank 0 is a scalar. Held inline (rank <= 8), so that copying
// allocates nothing.
class Shape {
 public:
  static constexpr int kMaxRank = 8;

  Shape() = default;
  // Throws ContractError if there are more than kMaxRank extents or one is negative.
  Shape(std::initializer_list<std::int64_t> extents);
  explicit Shape(std::span<const std::int64_t> extents);

  int rank() const { return rank_; }
  // Negative axes count from the end. Throws ContractError if out of range.
  std::int64_t operator[](int axis) const;
  std::int64_t& operator[](int axis);
  // Product of the extents, 1 for a scalar.
  std::int64_t elements() const;
  // Product of the extents [first, last).
  std::int64_t elements(int first, int last) const;

  const std::int64_t* begin() const { return extents_.data(); }
  const std::int64_t* end() const { return extents_.data() + rank_; }
  bool operator==(const Shape& other) const;

  void append(std::int64_t extent);
  // The shape of n such tensors, one behind the other: [n, ...].
  Shape stacked(std::int64_t n) const;
  // The same shape with the outermost extent replaced; the shape without it.
  Shape with_leading(std::int64_t extent) const;
  Shape without_leading() const;

  // "[1, 3, 224, 224]"
  std::string to_string() const;

 private:
  int index(int axis) const;
  std::array<std::int64_t, kMaxRank> extents_{};
  int rank_ = 0;
};

}  // namespace faultline
