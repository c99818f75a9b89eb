#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "tensor/tensor.h"

namespace faultline::test {

// |a - b| / |b|, 0 if both are 0, infinite if the shapes differ or a value is no number.
inline double relative_l2(DoubleTensorView a, DoubleTensorView b) {
  if (!(a.shape() == b.shape())) return std::numeric_limits<double>::infinity();
  double difference = 0;
  double norm = 0;
  for (std::int64_t i = 0; i < a.elements(); ++i) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    norm += b[i] * b[i];
  }
  if (difference == 0) return 0;
  const double ratio = std::sqrt(difference / norm);
  return std::isnan(ratio) ? std::numeric_limits<double>::infinity() : ratio;
}

// The same values, bit for bit (but 0 and -0 are equal).
inline ::testing::AssertionResult same(DoubleTensorView a, DoubleTensorView b) {
  if (!(a.shape() == b.shape()))
    return ::testing::AssertionFailure() << a.shape().to_string() << " against " << b.shape().to_string();
  for (std::int64_t i = 0; i < a.elements(); ++i) {
    if (a[i] == b[i]) continue;
    return ::testing::AssertionFailure() << "element " << i << ": " << a[i] << " against " << b[i];
  }
  return ::testing::AssertionSuccess();
}

inline DoubleTensor to_double(TensorView values) {
  DoubleTensor result(values.shape());
  for (std::int64_t i = 0; i < values.elements(); ++i) result[i] = double{values[i]};
  return result;
}

// Round-off of an engine's arithmetic over a small network, relative: some hundred operations deep.
inline double round_off(const std::string& engine) {
  return 500 * (engine == "reference" ? std::numeric_limits<double>::epsilon()
                                      : double{std::numeric_limits<float>::epsilon()});
}

}  // namespace faultline::test
