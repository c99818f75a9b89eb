#include <gtest/gtest.h>

#include "engine/networks.h"
#include "engine/onednn/kernel_check.h"

namespace faultline {
namespace {

using test::check_kernel;
using test::random_tensor;
using test::sum_round_off;
using test::TestOperand;

// Whole blocks, a padded block, less than a block, plain.
const std::vector<std::int64_t> kChannels = {32, 21, 5, 3};

TestOperand variable(const Shape& sample) {
  return {.sample = sample};
}

TestOperand constant(const Shape& shape, const std::string& name, float offset = 0) {
  Tensor value = random_tensor(shape, name);
  for (float& v : value.values()) v = offset == 0 ? v : offset + std::abs(v);
  return {.sample = {}, .constant = value};
}

void expect_small(const net::Operator& op, const std::vector<TestOperand>& operands, double tolerance) {
  const auto errors = check_kernel(op, operands);
  const std::string what(net::operator_name(op));
  EXPECT_LE(errors.forward, tolerance) << what;
  EXPECT_LE(errors.backward, tolerance) << what;
  EXPECT_LE(errors.tangent, tolerance) << what;
}

TEST(OneDnnKernels, Elementwise) {
  for (const std::int64_t channels : kChannels) {
    const std::vector<TestOperand> x = {variable({channels, 9, 7})};
    expect_small(net::Relu{}, x, sum_round_off(1));
    expect_small(net::LeakyRelu{.alpha = 0.2F}, x, sum_round_off(1));
    expect_small(net::Clip{.min = 0.25F, .max = 0.75F}, x, sum_round_off(1));
    expect_small(net::Sigmoid{}, x, sum_round_off(4));
    expect_small(net::Tanh{}, x, sum_round_off(16));
  }
  expect_small(net::Sigmoid{}, {variable({50})}, sum_round_off(4));
}

TEST(OneDnnKernels, LargeRowsAreCutIntoChunks) {
  expect_small(net::Relu{}, {variable({20, 70, 70})}, sum_round_off(1));
}

TEST(OneDnnKernels, BinaryOfTwoValues) {
  using Kind = net::Binary::Kind;
  for (const std::int64_t channels : kChannels) {
    const Shape sample{channels, 5, 4};
    for (const Kind kind : {Kind::add, Kind::sub, Kind::mul}) {
      expect_small(net::Binary{kind}, {variable(sample), variable(sample)}, sum_round_off(4));
    }
  }
}

TEST(OneDnnKernels, BinaryWithAConstant) {
  using Kind = net::Binary::Kind;
  for (const std::int64_t channels : kChannels) {
    const TestOperand x = variable({channels, 5, 4});
    for (const Kind kind : {Kind::add, Kind::sub, Kind::mul, Kind::div}) {
      for (const Shape& shape : {Shape{}, Shape{1}, Shape{channels, 1, 1}, Shape{1, channels, 1, 1},
                                 Shape{5, 4}, Shape{channels, 5, 4}}) {
        expect_small(net::Binary{kind}, {x, constant(shape, "constant", 0.5F)}, sum_round_off(4));
        if (kind != Kind::div)
          expect_small(net::Binary{kind}, {constant(shape, "constant"), x}, sum_round_off(4));
      }
    }
  }
}

TEST(OneDnnKernels, BinaryThatRepeatsAValue) {
  for (const std::int64_t channels : kChannels) {
    expect_small(net::Binary{net::Binary::Kind::mul},
                 {variable({channels, 5, 4}), variable({channels, 1, 1})}, sum_round_off(20));
  }
}

TEST(OneDnnKernels, BatchNormalization) {
  for (const std::int64_t channels : kChannels) {
    const Shape c{channels};
    expect_small(net::BatchNormalization{.epsilon = 1e-3F},
                 {variable({channels, 6, 5}), constant(c, "scale"), constant(c, "bias"), constant(c, "mean"),
                  constant(c, "variance", 0.5F)},
                 sum_round_off(2));
  }
}

TEST(OneDnnKernels, Normalize) {
  const net::Normalize op{.source = {2, 0, 1}, .scale = 255, .mean = {100, 120, 90}, .std = {50, 60, 70}};
  expect_small(op, {variable({3, 8, 6})}, sum_round_off(4));
}

TEST(OneDnnKernels, MaxPool) {
  for (const std::int64_t channels : kChannels) {
    const TestOperand x = variable({channels, 12, 11});
    expect_small(net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {x}, sum_round_off(1));
    expect_small(net::MaxPool{.kernel = {3, 3}, .strides = {2, 2}, .pads = {1, 0, 0, 1}}, {x},
                 sum_round_off(4));
    expect_small(net::MaxPool{.kernel = {3, 3}, .strides = {2, 2}, .ceil_mode = true}, {x}, sum_round_off(4));
    expect_small(net::MaxPool{.kernel = {2, 3}, .dilations = {2, 2}}, {x}, sum_round_off(4));
  }
}

TEST(OneDnnKernels, AveragePool) {
  for (const std::int64_t channels : kChannels) {
    const TestOperand x = variable({channels, 12, 11});
    expect_small(net::AveragePool{.kernel = {2, 2}, .strides = {2, 2}}, {x}, sum_round_off(4));
    for (const bool count_include_pad : {false, true}) {
      for (const bool ceil_mode : {false, true}) {
        expect_small(net::AveragePool{.kernel = {3, 2},
                                      .strides = {2, 2},
                                      .pads = {1, 0, 0, 1},
                                      .ceil_mode = ceil_mode,
                                      .count_include_pad = count_include_pad},
                     {x}, sum_round_off(6));
      }
    }
    expect_small(net::GlobalAveragePool{}, {x}, sum_round_off(4));
  }
}

TEST(OneDnnKernels, Concat) {
  const auto map = [](std::int64_t channels) { return variable({channels, 5, 4}); };
  expect_small(net::Concat{.axis = 1}, {map(16), map(32), map(16)}, 0);
  expect_small(net::Concat{.axis = 1}, {map(21), map(16), map(5)}, 0);
  expect_small(net::Concat{.axis = 1}, {map(3), map(3)}, 0);
  expect_small(net::Concat{.axis = -3}, {map(3), map(18)}, 0);
  expect_small(net::Concat{.axis = 2}, {map(21), map(21)}, 0);
  expect_small(net::Concat{.axis = 1}, {variable({7}), variable({12})}, 0);
}

TEST(OneDnnKernels, Rearrangements) {
  for (const std::int64_t channels : kChannels) {
    const TestOperand x = variable({channels, 6, 4});
    expect_small(net::Identity{}, {x}, 0);
    expect_small(net::Flatten{}, {x}, 0);
    expect_small(net::Reshape{.dims = {0, channels * 2, 3, 4}}, {x}, 0);
    expect_small(net::Reshape{.dims = {0, -1}}, {x}, 0);
    expect_small(net::Squeeze{.axes = {2, 3}}, {variable({channels, 1, 1})}, 0);
    expect_small(net::Unsqueeze{.axes = {2, 3}}, {variable({channels})}, 0);
  }
}

TEST(OneDnnKernels, OperatorsOfNetOnBlockedValues) {
  for (const std::int64_t channels : kChannels) {
    const TestOperand x = variable({channels, 6, 4});
    expect_small(net::Softmax{.axis = 1}, {x}, sum_round_off(16));
    expect_small(net::Lrn{.size = 3, .alpha = 0.3F}, {x}, sum_round_off(16));
    expect_small(net::Transpose{.perm = {0, 2, 1, 3}}, {x}, 0);
    expect_small(net::Pad{.pads = {0, 1, 1, 0, 0, 0, 2, 1}}, {x}, 0);
  }
}

TEST(OneDnnKernels, Dense) {
  for (const auto& [inputs, outputs] : {std::pair{20, 10}, {1, 1}, {513, 17}, {64, 1100}}) {
    const TestOperand x = variable({inputs});
    const double tolerance = sum_round_off(std::max(inputs, outputs) + 8);
    expect_small(net::MatMul{}, {x, constant({inputs, outputs}, "weights")}, tolerance);
    expect_small(net::Gemm{.alpha = 0.5F, .beta = 2, .transpose_b = true},
                 {x, constant({outputs, inputs}, "weights"), constant({outputs}, "bias")}, tolerance);
    expect_small(net::Gemm{}, {x, constant({inputs, outputs}, "weights"), constant({1}, "bias")}, tolerance);
    expect_small(net::Gemm{}, {x, constant({inputs, outputs}, "weights")}, tolerance);
  }
}

TEST(OneDnnKernels, TheCheckFindsAWrongKernel) {
  const auto slope =
      check_kernel(net::LeakyRelu{.alpha = 0.2F}, {variable({21, 9, 7})}, net::LeakyRelu{.alpha = 0.21F});
  EXPECT_GT(slope.forward, 1e-3);
  EXPECT_GT(slope.backward, 1e-3);
  EXPECT_GT(slope.tangent, 1e-3);
  const TestOperand weights = constant({16, 16, 3, 3}, "weights");
  const auto shifted = check_kernel(net::Conv{.pads = {0, 1, 2, 1}}, {variable({16, 8, 8}), weights},
                                    net::Conv{.pads = {1, 1, 1, 1}});
  EXPECT_GT(shifted.forward, 0.1);
  EXPECT_GT(shifted.backward, 0.1);
}

}  // namespace
}  // namespace faultline
