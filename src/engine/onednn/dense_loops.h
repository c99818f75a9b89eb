#pragma once

#include <cstdint>

namespace faultline::engine::onednn {

// Products of a few rows with one plain weight matrix w [J,I], read once for all rows, in its own place, in
// both directions.
//   dots:  y[r][j] = bias[j] + factor * sum_i x[r][i] w[j,i]
//   sums:  z[r][i] = bias[i] + factor * sum_j d[r][j] w[j,i]; a j where all d are 0 is not read
// `bias` may be null. A row's result is the same bits whatever the other rows and the number of threads are:
// each sums in one order.
struct DenseRows {
  const float* const* inputs;
  float* const* outputs;
  std::int64_t count;
};

void dense_dots(const float* weights, std::int64_t outer, std::int64_t inner, const float* bias, float factor,
                const DenseRows& rows);
void dense_sums(const float* weights, std::int64_t outer, std::int64_t inner, const float* bias, float factor,
                const DenseRows& rows);

}  // namespace faultline::engine::onednn
