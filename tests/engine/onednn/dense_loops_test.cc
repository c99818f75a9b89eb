#include "engine/onednn/dense_loops.h"

#include <gtest/gtest.h>

#include "base/parallel.h"
#include "engine/close.h"
#include "engine/networks.h"
#include "engine/onednn/kernel_check.h"

namespace faultline {
namespace {

using engine::onednn::dense_dots;
using engine::onednn::dense_sums;

// [rows, length] from an input of [rows, ...], `rows_at_once` rows a call.
template <class Product>
Tensor multiply(Product product, const Tensor& weights, const Tensor& bias, const Tensor& inputs,
                std::int64_t length, std::int64_t rows_at_once) {
  Tensor outputs(Shape{inputs.shape()[0], length});
  for (float& value : outputs.values()) value = std::numeric_limits<float>::quiet_NaN();
  std::vector<const float*> from;
  std::vector<float*> to;
  for (std::int64_t r = 0; r < inputs.shape()[0]; ++r) {
    from.push_back(inputs.row(r).data());
    to.push_back(outputs.row(r).data());
  }
  for (std::int64_t r = 0; r < inputs.shape()[0]; r += rows_at_once) {
    product(weights.data(), weights.shape()[0], weights.shape()[1], bias.data(), 0.5F,
            {from.data() + r, to.data() + r, std::min(rows_at_once, inputs.shape()[0] - r)});
  }
  return outputs;
}

struct Extents {
  std::int64_t outer;
  std::int64_t inner;
};

const std::vector<Extents> kExtents = {{1, 1}, {3, 15}, {4, 16}, {5, 17}, {17, 31}, {33, 1100}, {100, 513}};

TEST(DenseLoops, AreTheSumsOfTheirDefinition) {
  for (const auto [outer, inner] : kExtents) {
    const Tensor w = test::random_tensor(Shape{outer, inner}, "w");
    const Tensor dot_bias = test::random_tensor(Shape{outer}, "b");
    const Tensor sum_bias = test::random_tensor(Shape{inner}, "b");
    const Tensor x = test::random_tensor(Shape{11, inner}, "x");
    const Tensor d = test::random_tensor(Shape{11, outer}, "d");
    const Tensor y = multiply(dense_dots, w, dot_bias, x, outer, 11);
    const Tensor z = multiply(dense_sums, w, sum_bias, d, inner, 11);
    DoubleTensor expected_y(y.shape());
    DoubleTensor expected_z(z.shape());
    for (std::int64_t r = 0; r < 11; ++r) {
      for (std::int64_t j = 0; j < outer; ++j) expected_y[r * outer + j] = double(dot_bias[j]);
      for (std::int64_t i = 0; i < inner; ++i) expected_z[r * inner + i] = double(sum_bias[i]);
      for (std::int64_t j = 0; j < outer; ++j) {
        for (std::int64_t i = 0; i < inner; ++i) {
          expected_y[r * outer + j] += 0.5 * double(x[r * inner + i]) * double(w[j * inner + i]);
          expected_z[r * inner + i] += 0.5 * double(d[r * outer + j]) * double(w[j * inner + i]);
        }
      }
    }
    EXPECT_LE(test::relative_l2(test::to_double(y), expected_y), test::sum_round_off(inner))
        << outer << ", " << inner;
    EXPECT_LE(test::relative_l2(test::to_double(z), expected_z), test::sum_round_off(outer))
        << outer << ", " << inner;
  }
}

TEST(DenseLoops, ARowDoesNotDependOnItsCompanyOrOnThreads) {
  for (const Extents& extents : kExtents) {
    const std::int64_t outer = extents.outer;
    const std::int64_t inner = extents.inner;
    const Tensor w = test::random_tensor(Shape{outer, inner}, "w");
    const Tensor x = test::random_tensor(Shape{33, inner}, "x");
    const Tensor d = test::random_tensor(Shape{33, outer}, "d");
    const Tensor none(Shape{std::max(outer, inner)});
    const auto dots = [&](std::int64_t n) {
      return test::to_double(multiply(dense_dots, w, none, x, outer, n));
    };
    const auto sums = [&](std::int64_t n) {
      return test::to_double(multiply(dense_sums, w, none, d, inner, n));
    };
    const DoubleTensor y = dots(33);
    const DoubleTensor z = sums(33);
    for (const std::int64_t rows : {1, 2, 3, 8, 10}) {
      for (const int threads : {1, 2, 3, 4}) {
        set_compute_threads(threads);
        EXPECT_TRUE(test::same(dots(rows), y)) << rows << " rows, " << threads << " threads";
        EXPECT_TRUE(test::same(sums(rows), z)) << rows << " rows, " << threads << " threads";
      }
    }
    set_compute_threads(0);
  }
}

}  // namespace
}  // namespace faultline
