#include "attack/norm.h"

#include <gtest/gtest.h>

#include <vector>

#include "attack/projection.h"

namespace faultline::attack {
namespace {

TEST(Norms, OfValues) {
  const std::vector<double> d = {3, 0, -4, 0};
  EXPECT_EQ(norm_of(Norm::linf, d), 4);
  EXPECT_EQ(norm_of(Norm::l2, d), 5);
  EXPECT_EQ(norm_of(Norm::l1, d), 7);
  EXPECT_EQ(norm_of(Norm::l0, d), 2);
  EXPECT_EQ(norm_of(Norm::l1, std::vector<float>{-1, 2}), 3);
  EXPECT_EQ(norm_of(Norm::l2, std::vector<double>{}), 0);
}

TEST(Norms, DistancesAreThoseOfTheDifference) {
  const Tensor clean({4}, {0.5F, 0.25F, 1, 0});
  const Tensor x({4}, {0.5F, 0.5F, 0.5F, 0});
  EXPECT_EQ(distance(Norm::linf, clean, x), 0.5);
  EXPECT_EQ(distance(Norm::l1, clean, x), 0.75);
  EXPECT_EQ(distance(Norm::l0, clean, x), 2);
}

TEST(Norms, Duals) {
  EXPECT_EQ(dual(Norm::linf), Norm::l1);
  EXPECT_EQ(dual(Norm::l1), Norm::linf);
  EXPECT_EQ(dual(Norm::l2), Norm::l2);
  EXPECT_THROW(dual(Norm::l0), ContractError);
}

}  // namespace
}  // namespace faultline::attack
