// Every operator's backward against the complex step, every parameter away from its default; and the check
// itself on operators that are wrong on purpose.
#include "kernel_check.h"

namespace faultline::net {
namespace {

using test::expect_gradient;
using test::gradient_errors;
using test::random_tensor;

// A Relu whose backward forgets the gate, and one that leaves the last element unwritten.
struct UngatedRelu {};
struct ShortRelu {};

template <class Op>
Shape infer_shape(const Op& /*op*/, std::span<const Shape> inputs) {
  return inputs[0];
}
template <class S>
void forward(const UngatedRelu& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  forward(Relu{}, inputs, output);
}
template <class S>
void backward(const UngatedRelu& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  for (std::int64_t i = 0; i < input_gradient.elements(); ++i) input_gradient[i] = adjoint.output_gradient[i];
}
template <class S>
void forward(const ShortRelu& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  forward(Relu{}, inputs, output);
}
template <class S>
void backward(const ShortRelu& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  const S kept = input_gradient[input_gradient.elements() - 1];
  backward(Relu{}, adjoint, input_gradient);
  input_gradient[input_gradient.elements() - 1] = kept;
}

TEST(GradientCheck, FailsOnWrongOperators) {
  const std::vector<DoubleTensor> x = {random_tensor({2, 3, 4}, "x")};
  EXPECT_LE(gradient_errors(Relu{}, x, 0).against_complex_step, 1e-12);
  EXPECT_GT(gradient_errors(UngatedRelu{}, x, 0).against_complex_step, 0.1);
  EXPECT_GT(gradient_errors(ShortRelu{}, x, 0).against_complex_step, 1e300);
}

TEST(Gradient, Elementwise) {
  const std::vector<DoubleTensor> x = {random_tensor({2, 3, 4, 5}, "x", -3, 3)};
  expect_gradient(Relu{}, x);
  expect_gradient(LeakyRelu{.alpha = 0.3f}, x);
  expect_gradient(Clip{.min = -1.5f, .max = 0.75f}, x);
  expect_gradient(Sigmoid{}, x);
  expect_gradient(Tanh{}, x);
  expect_gradient(Identity{.origin = "Dropout"}, x);
}

TEST(Gradient, SaturatedSigmoidAndTanhKeepTheirRelativePrecision) {
  for (const double x : {-30.0, -18.0, 18.0, 30.0}) {
    const std::vector<DoubleTensor> point = {DoubleTensor({1}, {x})};
    // y (1 - y) computed so would be 0 or off by per cents here.
    EXPECT_NEAR(slope(Sigmoid{}, x) / std::exp(-std::abs(x)), 1, 1e-7);
    EXPECT_NEAR(slope(Tanh{}, x) / (4 * std::exp(-2 * std::abs(x))), 1, 1e-7);
  }
}

TEST(Gradient, Conv) {
  const Conv op{.strides = {2, 3}, .dilations = {2, 1}, .pads = {3, 0, 1, 2}, .groups = 2};
  expect_gradient(
      op, {random_tensor({2, 4, 7, 9}, "x"), random_tensor({6, 2, 3, 2}, "w"), random_tensor({6}, "b")});
  expect_gradient(Conv{.auto_pad = AutoPad::same_lower},
                  {random_tensor({1, 2, 5, 4}, "x"), random_tensor({3, 2, 2, 4}, "w")});
}

TEST(Gradient, ConvOverOneAndThreeAxes) {
  expect_gradient(Conv{.strides = {2}, .dilations = {3}, .pads = {4, 1}},
                  {random_tensor({2, 3, 11}, "x"), random_tensor({2, 3, 3}, "w")});
  expect_gradient(
      Conv{.strides = {1, 2, 1}, .dilations = {2, 1, 1}, .pads = {1, 0, 2, 0, 1, 1}},
      {random_tensor({1, 2, 4, 5, 3}, "x"), random_tensor({3, 2, 2, 3, 2}, "w"), random_tensor({3}, "b")});
}

TEST(Gradient, Pooling) {
  const std::vector<DoubleTensor> x = {random_tensor({2, 3, 8, 7}, "x")};
  expect_gradient(
      MaxPool{
          .kernel = {3, 2}, .strides = {2, 3}, .dilations = {1, 2}, .pads = {1, 1, 0, 1}, .ceil_mode = true},
      x);
  for (const bool include : {false, true}) {
    expect_gradient(AveragePool{.kernel = {3, 2},
                                .strides = {2, 3},
                                .dilations = {2, 1},
                                .pads = {1, 1, 2, 0},
                                .ceil_mode = true,
                                .count_include_pad = include},
                    x);
  }
  expect_gradient(GlobalAveragePool{}, x);
}

TEST(Gradient, Dense) {
  for (const bool a : {false, true}) {
    for (const bool b : {false, true}) {
      const Gemm op{.alpha = 0.5f, .beta = -1.5f, .transpose_a = a, .transpose_b = b};
      const std::vector<DoubleTensor> inputs = {random_tensor(a ? Shape{4, 3} : Shape{3, 4}, "a"),
                                                random_tensor(b ? Shape{5, 4} : Shape{4, 5}, "b"),
                                                random_tensor({3, 1}, "c")};
      for (std::size_t input = 0; input < 3; ++input) expect_gradient(op, inputs, input);
    }
  }
}

TEST(Gradient, MatMulSumsOverBroadcastStacks) {
  const std::vector<std::pair<Shape, Shape>> cases = {
      {{2, 1, 3, 4}, {5, 4, 2}}, {{3, 4}, {2, 4, 5}}, {{4}, {3, 4, 2}}, {{2, 3, 4}, {4}}, {{4}, {4}}};
  for (const auto& [a, b] : cases) {
    const std::vector<DoubleTensor> inputs = {random_tensor(a, "a"), random_tensor(b, "b")};
    expect_gradient(MatMul{}, inputs, 0);
    expect_gradient(MatMul{}, inputs, 1);
  }
}

TEST(Gradient, BinarySumsOverBroadcastAxes) {
  for (const auto kind : {Binary::Kind::add, Binary::Kind::sub, Binary::Kind::mul, Binary::Kind::div}) {
    const std::vector<DoubleTensor> inputs = {random_tensor({2, 1, 4}, "a"),
                                              random_tensor({3, 2, 3, 1}, "b", 0.5, 2)};
    expect_gradient(Binary{.kind = kind}, inputs, 0);
    expect_gradient(Binary{.kind = kind}, inputs, 1);
  }
}

TEST(Gradient, Normalisations) {
  expect_gradient(BatchNormalization{.epsilon = 0.1f},
                  {random_tensor({2, 3, 4, 2}, "x"), random_tensor({3}, "scale"), random_tensor({3}, "bias"),
                   random_tensor({3}, "mean"), random_tensor({3}, "var", 0.1, 2)});
  const std::vector<DoubleTensor> x = {random_tensor({2, 5, 2, 3}, "x", -2, 2)};
  expect_gradient(Softmax{.axis = 1}, x);
  expect_gradient(Softmax{.axis = -2, .coerce_2d = true}, x);
  for (const std::int64_t size : {1, 2, 3, 4, 9}) {
    expect_gradient(Lrn{.size = size, .alpha = 0.8f, .beta = 0.6f, .bias = 1.5f}, x);
  }
  expect_gradient(Normalize{.source = {2, 0, 1}, .scale = 255, .mean = {1, 2, 3}, .std = {4, 5, 6}},
                  {random_tensor({2, 3, 2, 2}, "x")});
}

TEST(Gradient, Rearrangements) {
  const std::vector<DoubleTensor> x = {random_tensor({2, 1, 3, 4}, "x")};
  expect_gradient(Flatten{.axis = 2}, x);
  expect_gradient(Reshape{.dims = {0, -1, 6}}, x);
  expect_gradient(Transpose{.perm = {2, 0, 3, 1}}, x);
  expect_gradient(Squeeze{.axes = {-3}}, x);
  expect_gradient(Unsqueeze{.axes = {-1, 1}}, x);
  expect_gradient(Pad{.pads = {0, 0, 1, -2, 1, 0, -2, 3}, .value = 2}, x);
  expect_gradient(Pad{.mode = Pad::Mode::reflect, .pads = {0, 0, 2, -1, 1, 0, 1, 2}}, x);
  expect_gradient(Pad{.mode = Pad::Mode::edge, .pads = {1, 2, 0, -1, 0, 0, 5, 4}}, x);
  const std::vector<DoubleTensor> parts = {random_tensor({2, 1, 3}, "a"), random_tensor({2, 4, 3}, "b"),
                                           random_tensor({2, 2, 3}, "c")};
  for (std::size_t input = 0; input < 3; ++input) expect_gradient(Concat{.axis = -2}, parts, input);
}

TEST(Gradient, OfWeightsIsABrokenContract) {
  const std::vector<DoubleTensor> inputs = {random_tensor({1, 2, 3, 3}, "x"),
                                            random_tensor({1, 2, 2, 2}, "w")};
  EXPECT_THROW(gradient_errors(Conv{}, inputs, 1), ContractError);
}

}  // namespace
}  // namespace faultline::net
