#include <limits>

#include "kernel_check.h"

namespace faultline::net {
namespace {

using test::expect_forward;

DoubleTensor vector(std::initializer_list<double> values) {
  return DoubleTensor({static_cast<std::int64_t>(values.size())}, values);
}

TEST(Elementwise, Relu) {
  expect_forward(Relu{}, {vector({-2, 0, 3})}, vector({0, 0, 3}));
  EXPECT_EQ(slope(Relu{}, 0.0), 0);
  EXPECT_EQ(slope(Relu{}, 1e-30), 1);
}

TEST(Elementwise, LeakyRelu) {
  const LeakyRelu op{.alpha = 0.25f};
  expect_forward(op, {vector({-4, 0, 3})}, vector({-1, 0, 3}));
  EXPECT_EQ(slope(op, -1.0), 0.25);
  EXPECT_EQ(slope(op, 0.0), 0.25);
  EXPECT_EQ(slope(op, 1.0), 1);
}

TEST(Elementwise, Clip) {
  const Clip op{.min = -1, .max = 2};
  expect_forward(op, {vector({-3, -1, 0.5, 2, 5})}, vector({-1, -1, 0.5, 2, 2}));
  EXPECT_EQ(slope(op, -1.0), 0);
  EXPECT_EQ(slope(op, 0.0), 1);
  EXPECT_EQ(slope(op, 2.0), 0);
  expect_forward(Clip{.min = 1}, {vector({-3, 1e30})}, vector({1, 1e30}));
  expect_forward(Clip{.max = 1}, {vector({-1e30, 3})}, vector({-1e30, 1}));
  // max wins, as in ONNX and NumPy.
  expect_forward(Clip{.min = 3, .max = 1}, {vector({0, 2, 4})}, vector({1, 1, 1}));
}

TEST(Elementwise, Sigmoid) {
  const double ln3 = std::log(3.0);
  expect_forward(Sigmoid{}, {vector({0, ln3, -ln3, 1000, -1000})}, vector({0.5, 0.75, 0.25, 1, 0}));
  EXPECT_NEAR(slope(Sigmoid{}, ln3), 0.1875, 1e-15);
}

TEST(Elementwise, Tanh) {
  const double ln2 = std::log(2.0);
  expect_forward(Tanh{}, {vector({0, ln2, -ln2, 1000, -1000})}, vector({0, 0.6, -0.6, 1, -1}));
  EXPECT_NEAR(slope(Tanh{}, ln2), 0.64, 1e-15);
}

TEST(Elementwise, NanPassesThrough) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(value(Clip{.min = 0, .max = 1}, nan)));
  EXPECT_TRUE(std::isnan(value(Sigmoid{}, nan)));
  EXPECT_TRUE(std::isnan(value(LeakyRelu{}, nan)));
}

}  // namespace
}  // namespace faultline::net
