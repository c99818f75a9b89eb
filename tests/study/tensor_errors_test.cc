#include "study/tensor_errors.h"

#include <gtest/gtest.h>

#include <cmath>

namespace faultline::study {
namespace {

TEST(RelativeL2, IsTheLengthOfTheDifferenceOverThatOfTheExactOne) {
  const DoubleTensor exact({2, 2}, {0, 3, 4, 0});
  EXPECT_EQ(relative_l2(exact, exact), 0);
  EXPECT_DOUBLE_EQ(relative_l2(DoubleTensor({2, 2}, {0, 3, 4, 1}), exact), 0.2);
  EXPECT_DOUBLE_EQ(relative_l2(DoubleTensor({2, 2}, {0, 0, 0, 0}), exact), 1);
}

TEST(RelativeL2, OfAnythingToZeroIsInfinite) {
  const DoubleTensor zero({2}, {0, 0});
  EXPECT_EQ(relative_l2(zero, zero), 0);
  EXPECT_TRUE(std::isinf(relative_l2(DoubleTensor({2}, {0, 1e-30}), zero)));
}

TEST(CosineLoss, IsOneMinusTheCosine) {
  const DoubleTensor a({2}, {3, 4});
  EXPECT_DOUBLE_EQ(cosine_loss(a, DoubleTensor({2}, {6, 8})), 0);
  EXPECT_DOUBLE_EQ(cosine_loss(a, DoubleTensor({2}, {4, 3})), 1 - 24.0 / 25);
  EXPECT_DOUBLE_EQ(cosine_loss(a, DoubleTensor({2}, {-4, 3})), 1);
  EXPECT_DOUBLE_EQ(cosine_loss(a, DoubleTensor({2}, {-3, -4})), 2);
}

TEST(CosineLoss, KeepsItsDigitsBetweenMapsThatNearlyAgree) {
  // tan = 1e-7: 1 - cos is 5e-15 to 14 digits, where 1 - <u, v> would have one.
  EXPECT_NEAR(cosine_loss(DoubleTensor({2}, {1, 0}), DoubleTensor({2}, {1, 1e-7})), 5e-15, 1e-24);
}

TEST(CosineLoss, OfBlankMapsSaysWhetherBothAre) {
  const DoubleTensor blank({2}, {0, 0});
  EXPECT_EQ(cosine_loss(blank, blank), 0);
  EXPECT_EQ(cosine_loss(blank, DoubleTensor({2}, {0, 1})), 1);
  EXPECT_EQ(cosine_loss(DoubleTensor({2}, {0, 1}), blank), 1);
}

TEST(TensorErrors, RefuseDifferentSizes) {
  const DoubleTensor a({2}, {0, 1});
  const DoubleTensor b({3}, {0, 1, 2});
  EXPECT_THROW(relative_l2(a, b), ContractError);
  EXPECT_THROW(cosine_loss(a, b), ContractError);
}

}  // namespace
}  // namespace faultline::study
