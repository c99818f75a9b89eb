#include "tensor/softmax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "expect_error.h"

namespace faultline {
namespace {

DoubleTensor logits(std::initializer_list<double> values) {
  DoubleTensor result(Shape{static_cast<std::int64_t>(values.size())});
  std::copy(values.begin(), values.end(), result.data());
  return result;
}

TEST(Softmax, IsTheShareOfTheExponentials) {
  const auto p = softmax(logits({std::log(1.0), std::log(2.0), std::log(5.0)}));
  ASSERT_EQ(p.size(), 3U);
  EXPECT_NEAR(p[0], 0.125, 1e-15);
  EXPECT_NEAR(p[1], 0.25, 1e-15);
  EXPECT_NEAR(p[2], 0.625, 1e-15);
}

TEST(Softmax, DoesNotOverflow) {
  const auto p = softmax(logits({1e300, 1e300, -1e300}));
  EXPECT_EQ(p, (std::vector<double>{0.5, 0.5, 0}));
}

TEST(Softmax, RefusesLogitsThatAreNotFinite) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    test::expect_error([&] { softmax(logits({0, bad})); }, ErrorKind::model, "not finite");
  }
}

}  // namespace
}  // namespace faultline
