#include "tensor/argmax.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/error.h"

namespace faultline {
namespace {

int argmax_of(const std::vector<double>& values) {
  return argmax(values);
}

TEST(Argmax, IsTheFirstOfTheLargest) {
  EXPECT_EQ(argmax_of({5}), 0);
  EXPECT_EQ(argmax_of({-3, -1, -2}), 1);
  EXPECT_EQ(argmax_of({1, 7, 7, 2}), 1);
  EXPECT_EQ(argmax_of({1, 2, std::numeric_limits<double>::infinity()}), 2);
}

TEST(Argmax, OfNothingIsRefused) {
  EXPECT_THROW(argmax_of({}), ContractError);
}

}  // namespace
}  // namespace faultline
