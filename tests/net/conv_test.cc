#include "expect_error.h"
#include "kernel_check.h"

namespace faultline::net {
namespace {

using test::expect_error;
using test::expect_forward;
using test::random_tensor;
using test::run;

TEST(Conv, StridesDilationsAndAsymmetricPads) {
  const DoubleTensor x({1, 1, 3, 3}, {1, 2, 3,  //
                                      4, 5, 6,  //
                                      7, 8, 9});
  const DoubleTensor w({1, 1, 2, 2}, {1, 2,  //
                                      3, 4});
  // Row 0 reads the pad above and x's row 0, row 1 reads x's rows 1 and 2; columns two apart, the last in the
  // pad.
  //   3*1 + 4*3, 3*2;  1*4 + 2*6 + 3*7 + 4*9, 1*5 + 3*8;  all + 10
  expect_forward(Conv{.strides = {2, 1}, .dilations = {1, 2}, .pads = {1, 0, 0, 1}},
                 {x, w, DoubleTensor({1}, {10})}, DoubleTensor({1, 1, 2, 2}, {25, 16, 83, 39}));
}

TEST(Conv, Groups) {
  const DoubleTensor x({1, 2, 1, 2}, {1, 2, 3, 4});
  expect_forward(Conv{.groups = 2}, {x, DoubleTensor({2, 1, 1, 1}, {10, 100})},
                 DoubleTensor({1, 2, 1, 2}, {10, 20, 300, 400}));
  expect_forward(Conv{}, {x, DoubleTensor({1, 2, 1, 1}, {10, 100})}, DoubleTensor({1, 1, 1, 2}, {310, 420}));
}

TEST(Conv, OneAndThreeAxes) {
  // Window starts at -1 and 1, taps two apart: 0 - 2, 2 - 4.
  expect_forward(Conv{.strides = {2}, .dilations = {2}, .pads = {1, 0}},
                 {DoubleTensor({1, 1, 5}, {1, 2, 3, 4, 5}), DoubleTensor({1, 1, 2}, {1, -1})},
                 DoubleTensor({1, 1, 2}, {-2, -2}));
  expect_forward(Conv{},
                 {DoubleTensor({1, 1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}),
                  DoubleTensor({1, 1, 2, 1, 2}, {1, 10, 100, 1000})},
                 DoubleTensor({1, 1, 1, 2, 1}, {6521, 8743}));
}

TEST(Conv, AutoPad) {
  const DoubleTensor x({1, 1, 1, 3}, {1, 2, 3});
  const DoubleTensor w({1, 1, 1, 2}, {1, 10});
  expect_forward(Conv{.auto_pad = AutoPad::same_upper}, {x, w}, DoubleTensor({1, 1, 1, 3}, {21, 32, 3}));
  expect_forward(Conv{.auto_pad = AutoPad::same_lower}, {x, w}, DoubleTensor({1, 1, 1, 3}, {10, 21, 32}));
  expect_forward(Conv{.pads = {1, 1, 1, 1}, .auto_pad = AutoPad::valid}, {x, w},
                 DoubleTensor({1, 1, 1, 2}, {21, 32}));
}

// The definition, element by element.
DoubleTensor defined(const Conv& op, const DoubleTensor& x, const DoubleTensor& w, const Shape& shape) {
  DoubleTensor y(shape);
  const auto at = [](const DoubleTensor& t, std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
    const Shape& s = t.shape();
    return c < 0 || c >= s[2] || d < 0 || d >= s[3] ? 0 : t[((a * s[1] + b) * s[2] + c) * s[3] + d];
  };
  for (std::int64_t e = 0; e < y.elements(); ++e) {
    const std::int64_t j = e % shape[3];
    const std::int64_t i = e / shape[3] % shape[2];
    const std::int64_t o = e / shape[3] / shape[2] % shape[1];
    const std::int64_t n = e / shape[3] / shape[2] / shape[1];
    const std::int64_t group = o / (shape[1] / op.groups);
    for (std::int64_t k = 0; k < w.elements() / shape[1]; ++k) {
      const std::int64_t v = k % w.shape()[3];
      const std::int64_t u = k / w.shape()[3] % w.shape()[2];
      const std::int64_t c = k / w.shape()[3] / w.shape()[2];
      y[e] += w[o * (w.elements() / shape[1]) + k] * at(x, n, group * w.shape()[1] + c,
                                                        i * op.strides[0] - op.pads[0] + u * op.dilations[0],
                                                        j * op.strides[1] - op.pads[1] + v * op.dilations[1]);
    }
  }
  return y;
}

double dot(const DoubleTensor& a, const DoubleTensor& b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.elements(); ++i) sum += a[i] * b[i];
  return sum;
}

TEST(Conv, RandomParametersAgreeWithTheDefinition) {
  const RandomStream random(11, "conv parameters");
  std::uint64_t drawn = 0;
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.below(drawn++, static_cast<std::uint64_t>(high - low + 1)));
  };
  int fitting = 0;
  for (int i = 0; i < 300; ++i) {
    const std::int64_t groups = draw(1, 3);
    const Shape x_shape{draw(1, 2), groups * draw(1, 2), draw(1, 9), draw(1, 9)};
    const Shape w_shape{groups * draw(1, 2), x_shape[1] / groups, draw(1, 4), draw(1, 4)};
    const Conv op{.strides = {draw(1, 3), draw(1, 3)},
                  .dilations = {draw(1, 3), draw(1, 3)},
                  .pads = {draw(0, 3), draw(0, 3), draw(0, 3), draw(0, 3)},
                  .groups = groups};
    Shape y_shape{x_shape[0], w_shape[0], 0, 0};
    for (int a = 0; a < 2; ++a) {
      const auto k = static_cast<std::size_t>(a);
      const std::int64_t padded = x_shape[a + 2] + op.pads[k] + op.pads[k + 2];
      while (y_shape[a + 2] * op.strides[k] + op.dilations[k] * (w_shape[a + 2] - 1) < padded)
        ++y_shape[a + 2];
    }
    const std::vector<Shape> shapes = {x_shape, w_shape};
    if (y_shape.elements() == 0) {
      expect_error([&] { infer_shape(op, shapes); }, ErrorKind::model, "larger than the padded input");
      continue;
    }
    ++fitting;
    const DoubleTensor x = random_tensor(x_shape, "x" + std::to_string(i));
    const DoubleTensor w = random_tensor(w_shape, "w" + std::to_string(i));
    const DoubleTensor y = run<double>(op, {x, w});
    ASSERT_EQ(y.shape().to_string(), y_shape.to_string());
    EXPECT_LE(test::relative_difference(y, defined(op, x, w, y_shape)), 1e-13);
    // Without bias the operator is linear: <dy, y(x)> = <backward(dy), x>.
    const DoubleTensor dy = random_tensor(y_shape, "dy" + std::to_string(i));
    EXPECT_NEAR(dot(dy, y), dot(test::run_backward<double>(op, {x, w}, y, dy, 0), x),
                1e-12 * static_cast<double>(y.elements()));
  }
  EXPECT_GT(fitting, 200);
}

TEST(Conv, RefusesWhatDoesNotFit) {
  const auto refused = [](const Conv& op, std::vector<Shape> shapes, const std::string& part) {
    expect_error([&] { infer_shape(Operator(op), shapes); }, ErrorKind::model, part);
  };
  const Shape x{1, 4, 5, 5};
  const Shape w{2, 4, 3, 3};
  refused({}, {x}, "[Conv] 1 inputs, expected 2 to 3");
  refused({}, {x, w, {2}, {2}}, "[Conv] 4 inputs");
  refused({}, {x, {2, 3, 3, 3}}, "do not fit 1 groups");
  refused({.groups = 0}, {x, w}, "do not fit 0 groups");
  refused({.groups = -1}, {x, {2, -1 + 5, 3, 3}}, "do not fit -1 groups");
  refused({.groups = 2}, {x, {3, 2, 3, 3}}, "do not fit 2 groups");
  refused({}, {x, {2, 4, 3}}, "of the same rank");
  refused({}, {{1, 4}, {2, 4}}, "[N, C, spatial...]");
  refused({}, {x, w, {3}}, "bias [3], expected 2 values");
  refused({}, {x, w, {2, 1}}, "bias [2, 1], expected 2 values");
  refused({}, {x, {2, 4, 6, 1}}, "larger than the padded input [1, 4, 5, 5]");
  refused({}, {x, {2, 4, 0, 1}}, "kernel extents 0");
  refused({.strides = {1, 0}}, {x, w}, "strides 0, expected at least 1");
  refused({.strides = {1}}, {x, w}, "1 strides, expected 2");
  refused({.dilations = {-1, 1}}, {x, w}, "dilations -1");
  refused({.dilations = {std::int64_t{1} << 40, 1}}, {x, w}, "below 2^31");
  refused({.pads = {0, 0, 0, -1}}, {x, w}, "pads -1, expected at least 0");
  refused({.pads = {1, 1}}, {x, w}, "2 pads, expected 4");
  refused({.pads = {1 << 30, 1 << 30, 0, 0}}, {x, w}, "less than 2^31 elements");
  expect_error(
      [] {
        infer_shape(Conv{}, std::vector<Shape>{{1, 1, 2, 2, 2, 2}, {1, 1, 1, 1, 1, 1}});
      },
      ErrorKind::unsupported, "more than 3 spatial axes");
}

}  // namespace
}  // namespace faultline::net
