#include "expect_error.h"
#include "kernel_check.h"

namespace faultline::net {
namespace {

using test::expect_error;
using test::expect_forward;

Shape inferred(const Operator& op, const Shape& x) {
  return infer_shape(op, std::vector{x});
}

void expect_refused(const Operator& op, const std::vector<Shape>& shapes, const std::string& part) {
  expect_error([&] { infer_shape(op, shapes); }, ErrorKind::model, part);
}

TEST(Concat, AlongAnyAxis) {
  const DoubleTensor a({2, 1}, {1, 2});
  const DoubleTensor b({2, 2}, {3, 4, 5, 6});
  expect_forward(Concat{.axis = -1}, {a, b, a}, DoubleTensor({2, 4}, {1, 3, 4, 1, 2, 5, 6, 2}));
  expect_forward(Concat{.axis = 0}, {b, DoubleTensor({1, 2}, {7, 8})},
                 DoubleTensor({3, 2}, {3, 4, 5, 6, 7, 8}));
  expect_refused(Concat{.axis = 1}, {{2, 1}, {3, 1}},
                 "[Concat] input [3, 1] beside [2, 1] does not fit along axis 1");
  expect_refused(Concat{.axis = 2}, {{2, 1}, {2, 1}}, "axis 2");
  expect_refused(Concat{.axis = 0}, {{2, 1}, {2}}, "does not fit");
  expect_refused(Concat{.axis = 0}, {}, "0 inputs");
}

TEST(Flatten, AtAnyAxis) {
  EXPECT_EQ(inferred(Flatten{}, {2, 3, 4}), (Shape{2, 12}));
  EXPECT_EQ(inferred(Flatten{.axis = 0}, {2, 3, 4}), (Shape{1, 24}));
  EXPECT_EQ(inferred(Flatten{.axis = 3}, {2, 3, 4}), (Shape{24, 1}));
  EXPECT_EQ(inferred(Flatten{.axis = -1}, {2, 3, 4}), (Shape{6, 4}));
  expect_refused(Flatten{.axis = 4}, {{2, 3, 4}}, "[Flatten] axis 4");
  expect_refused(Flatten{.axis = -4}, {{2, 3, 4}}, "[Flatten] axis -4");
  expect_forward(Flatten{.axis = 2}, {DoubleTensor({1, 2, 2}, {1, 2, 3, 4})},
                 DoubleTensor({2, 2}, {1, 2, 3, 4}));
}

TEST(Reshape, CopiesInfersAndRefuses) {
  EXPECT_EQ(inferred(Reshape{.dims = {0, -1}}, {2, 3, 4}), (Shape{2, 12}));
  EXPECT_EQ(inferred(Reshape{.dims = {4, 0, 2}}, {2, 3, 4}), (Shape{4, 3, 2}));
  EXPECT_EQ(inferred(Reshape{.dims = {-1}}, {}), (Shape{1}));
  EXPECT_EQ(inferred(Reshape{.dims = {}}, {1, 1}), (Shape{}));
  EXPECT_EQ(inferred(Reshape{.dims = {3, 0}, .allow_zero = true}, {0, 5}), (Shape{3, 0}));
  expect_refused(Reshape{.dims = {3, 0}}, {{0, 5}}, "does not fit");
  expect_refused(Reshape{.dims = {5, -1}}, {{2, 3}}, "[Reshape] input [2, 3] does not fit the dims [5, -1]");
  expect_refused(Reshape{.dims = {-1, -1}}, {{2, 3}}, "does not fit");
  expect_refused(Reshape{.dims = {7}}, {{2, 3}}, "does not fit");
  expect_refused(Reshape{.dims = {-2, 3}}, {{2, 3}}, "does not fit");
  expect_refused(Reshape{.dims = {6, 1, 0}}, {{2, 3}}, "does not fit");
  expect_refused(Reshape{.dims = {0, -1}, .allow_zero = true}, {{0, 3}}, "does not fit");
  expect_refused(Reshape{.dims = {std::int64_t{1} << 32, std::int64_t{1} << 32}}, {{2, 3}}, "does not fit");
  expect_refused(Reshape{.dims = {6, 1, 1, 1, 1, 1, 1, 1, 1}}, {{2, 3}}, "does not fit");
}

TEST(Transpose, PermutesOrReverses) {
  const DoubleTensor x({1, 2, 3}, {1, 2, 3, 4, 5, 6});
  expect_forward(Transpose{}, {x}, DoubleTensor({3, 2, 1}, {1, 4, 2, 5, 3, 6}));
  expect_forward(Transpose{.perm = {1, 2, 0}}, {x}, DoubleTensor({2, 3, 1}, {1, 2, 3, 4, 5, 6}));
  expect_forward(Transpose{.perm = {2, 0, 1}}, {x}, DoubleTensor({3, 1, 2}, {1, 4, 2, 5, 3, 6}));
  expect_refused(Transpose{.perm = {0, 1}}, {{1, 2, 3}}, "[Transpose] perm");
  expect_refused(Transpose{.perm = {0, 1, 1}}, {{1, 2, 3}}, "perm is no permutation");
  expect_refused(Transpose{.perm = {0, 1, 3}}, {{1, 2, 3}}, "perm is no permutation");
  expect_refused(Transpose{.perm = {0, 1, -1}}, {{1, 2, 3}}, "perm is no permutation");
}

TEST(Squeeze, DropsNamedOrAll) {
  EXPECT_EQ(inferred(Squeeze{.axes = {-1, 0}}, {1, 3, 1, 1}), (Shape{3, 1}));
  EXPECT_EQ(inferred(Squeeze{}, {1, 3, 1, 1}), (Shape{3}));
  expect_refused(Squeeze{.axes = {1}}, {{1, 3}}, "[Squeeze] axis 1 of input [1, 3]");
  expect_refused(Squeeze{.axes = {0, -2}}, {{1, 3}}, "named once");
  expect_refused(Squeeze{.axes = {2}}, {{1, 3}}, "axis 2");
  expect_forward(Squeeze{.axes = {0}}, {DoubleTensor({1, 2}, {1, 2})}, DoubleTensor({2}, {1, 2}));
}

TEST(Unsqueeze, InsertsAxesOfTheResult) {
  EXPECT_EQ(inferred(Unsqueeze{.axes = {0, -1}}, {2, 3}), (Shape{1, 2, 3, 1}));
  EXPECT_EQ(inferred(Unsqueeze{.axes = {2, 1}}, {2, 3}), (Shape{2, 1, 1, 3}));
  expect_refused(Unsqueeze{.axes = {0, 0}}, {{2}}, "[Unsqueeze] axis 0 is named twice");
  expect_refused(Unsqueeze{.axes = {3}}, {{2, 3}}, "axis 3");
  expect_refused(Unsqueeze{.axes = {0, 1, 2}}, {{1, 1, 1, 1, 1, 1}}, "rank 9");
  expect_forward(Unsqueeze{.axes = {1}}, {DoubleTensor({2}, {1, 2})}, DoubleTensor({2, 1}, {1, 2}));
}

TEST(Pad, ModesAndCrops) {
  const DoubleTensor x({4}, {1, 2, 3, 4});
  expect_forward(Pad{.pads = {1, -1}, .value = 9}, {x}, DoubleTensor({4}, {9, 1, 2, 3}));
  expect_forward(Pad{.mode = Pad::Mode::reflect, .pads = {2, 1}}, {x},
                 DoubleTensor({7}, {3, 2, 1, 2, 3, 4, 3}));
  expect_forward(Pad{.mode = Pad::Mode::edge, .pads = {1, 2}}, {x}, DoubleTensor({7}, {1, 1, 2, 3, 4, 4, 4}));
  // Cropped first: 2 3 4, reflected at its end.
  expect_forward(Pad{.mode = Pad::Mode::reflect, .pads = {-1, 2}}, {x}, DoubleTensor({5}, {2, 3, 4, 3, 2}));
  expect_forward(Pad{.pads = {0, 1, 1, 0}, .value = -1}, {DoubleTensor({1, 2}, {1, 2})},
                 DoubleTensor({2, 3}, {-1, 1, 2, -1, -1, -1}));
  expect_refused(Pad{.pads = {1}}, {{4}}, "[Pad] 1 pads for input [4]");
  expect_refused(Pad{.pads = {-3, -2}}, {{4}}, "crops more than input [4] has");
  expect_refused(Pad{.mode = Pad::Mode::reflect, .pads = {4, 0}}, {{4}}, "expected fewer than its extent");
  expect_refused(Pad{.mode = Pad::Mode::reflect, .pads = {2, -2}}, {{4}}, "expected fewer than its extent");
  expect_refused(Pad{.mode = Pad::Mode::edge, .pads = {1, -4}}, {{4}}, "no edge to repeat");
  expect_refused(Pad{.pads = {0, std::int64_t{1} << 40}}, {{4}}, "less than 2^31");
  expect_refused(Pad{.pads = {0, (std::int64_t{1} << 31) - 1}}, {{4}}, "less than 2^31 elements");
}

TEST(Identity, KeepsItsOriginForMessages) {
  EXPECT_EQ(operator_name(Operator(Identity{"Dropout"})), "Dropout");
  EXPECT_EQ(operator_name(Operator(Binary{Binary::Kind::div})), "Div");
  EXPECT_EQ(operator_name(Operator(Clip{})), "Clip");
  expect_refused(Identity{"Dropout"}, {{1}, {1}}, "[Dropout] 2 inputs, expected 1 to 1");
}

}  // namespace
}  // namespace faultline::net
