#pragma once

#include <cstddef>
#include <span>

namespace faultline::stats {

// A view of numbers, one row for each unit and one column for each position (treatment, item):
//   values[row * columns + column].
// The values must outlive it. Throws ContractError if there is no column, if the last row is not full, or if
// a value is not finite: a unit that lacks one of its values is left out by the caller.
class Table {
 public:
  Table(std::span<const double> values, std::size_t columns);

  std::size_t rows() const { return values_.size() / columns_; }
  std::size_t columns() const { return columns_; }
  std::span<const double> row(std::size_t r) const { return values_.subspan(r * columns_, columns_); }
  double at(std::size_t r, std::size_t c) const { return values_[r * columns_ + c]; }

 private:
  std::span<const double> values_;
  std::size_t columns_;
};

}  // namespace faultline::stats
