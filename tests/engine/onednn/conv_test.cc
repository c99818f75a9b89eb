#include <gtest/gtest.h>

#include "engine/networks.h"
#include "engine/onednn/kernel_check.h"

namespace faultline {
namespace {

using test::sum_round_off;

struct ConvCase {
  const char* name;
  Shape sample;   // [C,h,w]
  Shape weights;  // [O,C/groups,kh,kw]
  net::Conv op = {};
};

void PrintTo(const ConvCase& c, std::ostream* out) {
  *out << c.name;
}

class OneDnnConv : public ::testing::TestWithParam<ConvCase> {};

TEST_P(OneDnnConv, AgreesWithNetAndRunsFast) {
  const ConvCase& c = GetParam();
  const auto errors = test::check_kernel(
      c.op, {{.sample = c.sample},
             {.sample = {}, .constant = test::random_tensor(c.weights, "weights")},
             {.sample = {}, .constant = test::random_tensor(Shape{c.weights[0]}, "bias")}});
  const std::int64_t taps = c.weights[2] * c.weights[3];
  EXPECT_LE(errors.forward, sum_round_off(c.weights[1] * taps + 1));
  EXPECT_LE(errors.backward, sum_round_off(c.weights[0] / c.op.groups * taps));
  EXPECT_FALSE(errors.forward_implementation.empty());
  EXPECT_EQ(errors.forward_implementation.find("ref"), std::string::npos) << errors.forward_implementation;
  EXPECT_EQ(errors.backward_implementation.find("ref"), std::string::npos) << errors.backward_implementation;
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, OneDnnConv,
    ::testing::Values(
        ConvCase{"image", {3, 20, 18}, {16, 3, 3, 3}, {.pads = {1, 1, 1, 1}}},
        ConvCase{"grey image", {1, 12, 12}, {6, 1, 5, 5}},
        ConvCase{"strided image", {3, 31, 29}, {24, 3, 7, 7}, {.strides = {2, 2}}},
        ConvCase{"image to image", {3, 9, 9}, {3, 3, 3, 3}, {.pads = {1, 1, 1, 1}}},
        ConvCase{"whole blocks", {32, 14, 14}, {64, 32, 3, 3}, {.pads = {1, 1, 1, 1}}},
        ConvCase{"odd channels", {17, 13, 11}, {30, 17, 3, 3}, {.pads = {1, 1, 1, 1}}},
        ConvCase{"five blocks to seven", {70, 9, 10}, {100, 70, 3, 3}, {.pads = {1, 1, 1, 1}}},
        ConvCase{"tiles without pads", {32, 15, 13}, {48, 32, 3, 3}},
        ConvCase{"tiles with wide pads", {20, 9, 11}, {40, 20, 3, 3}, {.pads = {2, 0, 1, 2}}},
        ConvCase{"one tile and a rest", {16, 6, 7}, {16, 16, 3, 3}, {.pads = {1, 1, 1, 1}}},
        ConvCase{"many tiles", {16, 70, 66}, {16, 16, 3, 3}, {.pads = {1, 1, 1, 1}}},
        ConvCase{"four channels", {4, 11, 12}, {40, 4, 5, 3}, {.strides = {1, 2}, .dilations = {2, 1}}},
        ConvCase{"few channels", {5, 10, 10}, {7, 5, 3, 3}},
        ConvCase{"to an image", {20, 10, 10}, {3, 20, 3, 3}, {.pads = {1, 1, 1, 1}}},
        ConvCase{"one by one", {64, 9, 9}, {48, 64, 1, 1}},
        ConvCase{"one by one, odd", {19, 9, 9}, {21, 19, 1, 1}},
        ConvCase{"one by one, strided", {32, 10, 10}, {32, 32, 1, 1}, {.strides = {2, 2}}},
        ConvCase{"one by one, padded", {32, 7, 7}, {40, 32, 1, 1}, {.pads = {1, 1, 1, 1}}},
        ConvCase{"strides", {16, 15, 17}, {16, 16, 3, 3}, {.strides = {2, 3}, .pads = {1, 1, 1, 1}}},
        ConvCase{"dilation", {16, 15, 17}, {16, 16, 3, 3}, {.dilations = {2, 3}, .pads = {2, 3, 2, 3}}},
        ConvCase{"asymmetric pads", {16, 12, 13}, {16, 16, 3, 3}, {.pads = {0, 2, 1, 0}}},
        ConvCase{"asymmetric kernel", {16, 12, 13}, {16, 16, 1, 5}, {.pads = {0, 2, 0, 2}}},
        ConvCase{"same_upper",
                 {16, 12, 13},
                 {16, 16, 4, 4},
                 {.strides = {2, 2}, .auto_pad = net::AutoPad::same_upper}},
        ConvCase{"rest beyond the last window", {16, 12, 12}, {16, 16, 3, 3}, {.strides = {2, 2}}},
        ConvCase{"groups", {32, 8, 8}, {64, 16, 3, 3}, {.pads = {1, 1, 1, 1}, .groups = 2}},
        ConvCase{"groups of 8", {32, 8, 8}, {32, 8, 3, 3}, {.pads = {1, 1, 1, 1}, .groups = 4}},
        ConvCase{"odd groups", {18, 8, 8}, {30, 6, 3, 3}, {.pads = {1, 1, 1, 1}, .groups = 3}},
        ConvCase{"depthwise", {32, 9, 9}, {32, 1, 3, 3}, {.pads = {1, 1, 1, 1}, .groups = 32}},
        ConvCase{"depthwise, odd",
                 {20, 9, 9},
                 {20, 1, 3, 3},
                 {.strides = {2, 2}, .pads = {1, 1, 1, 1}, .groups = 20}},
        ConvCase{"depth multiplier", {16, 9, 9}, {32, 1, 3, 3}, {.pads = {1, 1, 1, 1}, .groups = 16}},
        ConvCase{"single position", {64, 1, 1}, {10, 64, 1, 1}},
        ConvCase{"kernel as large as the map", {24, 6, 6}, {40, 24, 6, 6}}));

TEST(OneDnnConvKinds, ASignalIsAMapOfOneLine) {
  const auto errors = test::check_kernel(
      net::Conv{.strides = {2}, .pads = {1, 1}},
      {{.sample = {6, 20}}, {.sample = {}, .constant = test::random_tensor(Shape{5, 6, 3}, "w")}});
  EXPECT_LE(errors.forward, sum_round_off(18));
  EXPECT_LE(errors.backward, sum_round_off(15));
}

TEST(OneDnnConvKinds, AVolumeRunsOnNetsOwnLoops) {
  const auto errors = test::check_kernel(
      net::Conv{},
      {{.sample = {6, 4, 5, 5}}, {.sample = {}, .constant = test::random_tensor(Shape{5, 6, 3, 3, 3}, "w")}});
  EXPECT_LE(errors.forward, sum_round_off(162));
  EXPECT_LE(errors.backward, sum_round_off(135));
  EXPECT_TRUE(errors.forward_implementation.empty());
}

}  // namespace
}  // namespace faultline
