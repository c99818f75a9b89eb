#include "oracles/worst_errors.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace faultline::oracles {
namespace {

// The 1st and the 4th element of [3, -4, 0, 12, 0]: norm 13, sum 11.
StoredTensor stored() {
  return {.positions = DoubleTensor(Shape{2}, {0, 3}),
          .values = DoubleTensor(Shape{2}, {3, 12}),
          .norm = 13,
          .sum = 11};
}

TEST(SampleError, SeesWhatWasKept) {
  EXPECT_EQ(sample_error(DoubleTensor(Shape{5}, {3, -4, 0, 12, 0}), stored()), 0);
  EXPECT_EQ(sample_error(DoubleTensor(Shape{5}, {3, 7, 7, 12, 7}), stored()), 0);
  EXPECT_DOUBLE_EQ(sample_error(DoubleTensor(Shape{5}, {4, -4, 0, 12, 0}), stored()), 1 / std::sqrt(153.0));
  EXPECT_TRUE(std::isinf(sample_error(DoubleTensor(Shape{3}, {3, -4, 0}), stored())));
}

TEST(MomentsError, SeesEveryElement) {
  EXPECT_EQ(moments_error(DoubleTensor(Shape{5}, {3, -4, 0, 12, 0}), stored()), 0);
  // Norm 13 still; the sum is 19.
  EXPECT_DOUBLE_EQ(moments_error(DoubleTensor(Shape{5}, {3, 4, 0, 12, 0}), stored()),
                   8 / (13 * std::sqrt(5.0)));
  const StoredTensor blank{.positions = {}, .values = DoubleTensor(Shape{1, 2}), .norm = 0, .sum = 0};
  EXPECT_EQ(moments_error(DoubleTensor(Shape{1, 2}), blank), 0);
  EXPECT_EQ(moments_error(DoubleTensor(Shape{1, 2}, {0, 1e-3}), blank), 1e-3);
  // Twice as large: the sum is off by 11 of 13 sqrt(5), the norm by 1.
  EXPECT_DOUBLE_EQ(moments_error(DoubleTensor(Shape{5}, {6, -8, 0, 24, 0}), stored()), 1);
}

TEST(RelativeL2, IsInfiniteForWhatCannotBeCompared) {
  const DoubleTensor two(Shape{2}, {3, 4});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_DOUBLE_EQ(relative_l2(DoubleTensor(Shape{2}, {3, 5}), two), 0.2);
  EXPECT_TRUE(std::isinf(relative_l2(DoubleTensor(Shape{1}, {3}), two)));
  EXPECT_TRUE(std::isinf(relative_l2(DoubleTensor(Shape{2}, {3, nan}), two)));
  EXPECT_EQ(relative_l2(DoubleTensor(Shape{2}), DoubleTensor(Shape{2})), 0);
  EXPECT_EQ(relative_l2(two, DoubleTensor(Shape{2})), 5);
}

TEST(WorstErrors, FailTheTestThatExceedsTheTolerance) {
  static WorstErrors errors;
  EXPECT_NONFATAL_FAILURE(errors.check("logits", "one image", 1.1e-4, 1e-4), "logits at one image");
  errors.check("logits", "another image", 0.9e-4, 1e-4);
  testing::internal::CaptureStdout();
  errors.print("model");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "model: logits 1.1e-04\n");
}

}  // namespace
}  // namespace faultline::oracles
