#pragma once

#include <cstdint>

#include "base/parallel.h"

namespace faultline::net {

// A matrix inside someone else's memory; transposing swaps the strides.
template <class S>
struct StridedMatrix {
  const S* data;
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t row_stride;
  std::int64_t column_stride;

  static StridedMatrix dense(const S* data, std::int64_t rows, std::int64_t columns) {
    return {data, rows, columns, columns, 1};
  }
  StridedMatrix transposed() const { return {data, columns, rows, column_stride, row_stride}; }
  const S& at(std::int64_t i, std::int64_t j) const { return data[i * row_stride + j * column_stride]; }
};

// result[i,j] += factor * sum_k a[i,k] b[k,j], with `result` dense and summed in the order of k.
template <class S>
void multiply_add(const StridedMatrix<S>& a, const StridedMatrix<S>& b, S factor, S* result) {
  parallel_for(a.rows * b.columns, [&](std::int64_t element) {
    const std::int64_t i = element / b.columns;
    const std::int64_t j = element % b.columns;
    S sum{};
    for (std::int64_t k = 0; k < a.columns; ++k) sum += a.at(i, k) * b.at(k, j);
    result[element] += factor * sum;
  });
}

}  // namespace faultline::net
