#include <limits>

#include "expect_error.h"
#include "kernel_check.h"

namespace faultline::net {
namespace {

using test::expect_error;
using test::expect_forward;
using test::random_tensor;
using test::run;

DoubleTensor counted_4x4() {
  return DoubleTensor({1, 1, 4, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
}

DoubleTensor line(std::initializer_list<double> values) {
  return DoubleTensor({1, 1, static_cast<std::int64_t>(values.size())}, values);
}

std::vector<std::int32_t> winners(const MaxPool& op, const DoubleTensor& x) {
  std::vector<std::int32_t> result(
      static_cast<std::size_t>(infer_shape(op, std::vector{x.shape()}).elements()));
  max_pool_winners<double>(op, x.view(), std::span(result));
  return result;
}

TEST(MaxPool, StridesDilationsPadsAndCeiling) {
  expect_forward(MaxPool{.kernel = {3, 3}, .strides = {2, 2}, .ceil_mode = true}, {counted_4x4()},
                 DoubleTensor({1, 1, 2, 2}, {11, 12, 15, 16}));
  expect_forward(MaxPool{.kernel = {3, 3}, .strides = {2, 2}}, {counted_4x4()},
                 DoubleTensor({1, 1, 1, 1}, {11}));
  expect_forward(MaxPool{.kernel = {2, 2}, .dilations = {2, 2}}, {counted_4x4()},
                 DoubleTensor({1, 1, 2, 2}, {11, 12, 15, 16}));
  expect_forward(MaxPool{.kernel = {1, 2}, .strides = {3, 1}, .pads = {0, 1, 0, 0}}, {counted_4x4()},
                 DoubleTensor({1, 1, 2, 4}, {1, 2, 3, 4, 13, 14, 15, 16}));
  // Pads never win, not even over negative values.
  expect_forward(MaxPool{.kernel = {2}, .pads = {1, 1}}, {line({-1, -2})}, line({-1, -1, -2}));
  expect_forward(MaxPool{.kernel = {2}, .strides = {2}, .auto_pad = AutoPad::same_upper}, {line({1, 2, 3})},
                 line({2, 3}));
  expect_forward(MaxPool{.kernel = {2}, .strides = {2}, .auto_pad = AutoPad::same_lower}, {line({1, 2, 3})},
                 line({1, 3}));
  expect_forward(MaxPool{.kernel = {2, 1, 2}}, {DoubleTensor({1, 1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 0})},
                 DoubleTensor({1, 1, 1, 2, 1}, {6, 7}));
}

TEST(MaxPool, TheFirstOfEqualCellsWins) {
  const MaxPool op{.kernel = {2, 2}, .strides = {1, 1}};
  const DoubleTensor x({1, 2, 2, 3}, {5, 5, 5, 5, 5, 5,  //
                                      0, 1, 1, 1, 0, 2});
  EXPECT_EQ(winners(op, x), (std::vector<std::int32_t>{0, 1, 1, 5}));
  const DoubleTensor dy({1, 2, 1, 2}, {1, 10, 100, 1000});
  const auto dx = test::run_backward<double>(op, {x}, run<double>(op, {x}), dy, 0);
  EXPECT_EQ(
      test::relative_difference(dx, DoubleTensor({1, 2, 2, 3}, {1, 10, 0, 0, 0, 0, 0, 100, 0, 0, 0, 1000})),
      0);
}

TEST(MaxPool, NanWins) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(winners({.kernel = {3}}, line({nan, 5, nan})), std::vector<std::int32_t>{0});
  EXPECT_EQ(winners({.kernel = {3}}, line({5, nan, 7})), std::vector<std::int32_t>{1});
}

TEST(MaxPool, WinnersNeedTheirRoom) {
  std::vector<std::int32_t> three(3);
  EXPECT_THROW(max_pool_winners<double>(MaxPool{.kernel = {2}}, line({1, 2, 3}).view(), std::span(three)),
               ContractError);
}

TEST(AveragePool, CountsPadsOnlyWhereAsked) {
  // Windows: pad 1, 2 3.
  const AveragePool excluded{.kernel = {2}, .strides = {2}, .pads = {1, 1}};
  expect_forward(excluded, {line({1, 2, 3})}, line({1, 2.5}));
  AveragePool included = excluded;
  included.count_include_pad = true;
  expect_forward(included, {line({1, 2, 3})}, line({0.5, 2.5}));
  // What ceil_mode adds beyond the input is no pad: 1 2 3, 3 4 -.
  for (const bool include : {false, true}) {
    expect_forward(
        AveragePool{.kernel = {3}, .strides = {2}, .ceil_mode = true, .count_include_pad = include},
        {line({1, 2, 3, 4})}, line({2, 3.5}));
  }
  expect_forward(AveragePool{.kernel = {3}, .strides = {2}, .pads = {0, 1}, .count_include_pad = true},
                 {line({1, 2, 3, 5})}, line({2, 8.0 / 3}));
  expect_forward(AveragePool{.kernel = {2}, .dilations = {2}}, {line({1, 2, 3, 5})}, line({2, 3.5}));
  expect_forward(AveragePool{.kernel = {2, 2}, .strides = {2, 3}, .pads = {0, 1, 0, 1}}, {counted_4x4()},
                 DoubleTensor({1, 1, 2, 2}, {3, 5.5, 11, 13.5}));
}

TEST(Pooling, CeilingNeverAddsAWindowThatBeginsInThePad) {
  // 3 + 2 pads, windows of 2 every 2: rounding up asks for a third, which would begin at the trailing pad.
  EXPECT_EQ(infer_shape(MaxPool{.kernel = {2}, .strides = {2}, .pads = {1, 1}, .ceil_mode = true},
                        std::vector<Shape>{{1, 1, 3}}),
            (Shape{1, 1, 2}));
}

TEST(GlobalAveragePool, AnyNumberOfAxes) {
  expect_forward(GlobalAveragePool{}, {DoubleTensor({1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8})},
                 DoubleTensor({1, 2, 1, 1}, {2.5, 6.5}));
  expect_forward(GlobalAveragePool{}, {DoubleTensor({2, 1, 2}, {1, 2, 3, 4})},
                 DoubleTensor({2, 1, 1}, {1.5, 3.5}));
}

// One axis of a window by its definition: for each output the input positions and the number of cells in the
// padded image.
struct Cells {
  std::int64_t start = 0;
  std::vector<std::int64_t> inside;
  std::int64_t padded = 0;
};

std::vector<Cells> defined_axis(std::int64_t extent, std::int64_t kernel, std::int64_t stride,
                                std::int64_t dilation, std::int64_t begin, std::int64_t end, bool ceil_mode) {
  std::vector<Cells> outputs;
  const std::int64_t reach = dilation * (kernel - 1);
  const std::int64_t last = extent + end - 1;
  for (std::int64_t start = -begin;; start += stride) {
    // Rounding up, a window follows wherever the one before it leaves something.
    const bool follows = !outputs.empty() && start - stride + reach < last;
    if (start + reach > last && !(ceil_mode && follows)) break;
    Cells cells;
    cells.start = start;
    for (std::int64_t p = start; p <= start + reach; p += dilation) {
      if (p >= 0 && p < extent) cells.inside.push_back(p);
      if (p <= last) ++cells.padded;
    }
    outputs.push_back(cells);
  }
  if (ceil_mode && !outputs.empty() && outputs.back().start >= extent) outputs.pop_back();
  return outputs;
}

struct Drawn {
  Shape x;
  MaxPool max;
  AveragePool average;
};

Drawn draw_pooling(const RandomStream& random, std::uint64_t& drawn) {
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.below(drawn++, static_cast<std::uint64_t>(high - low + 1)));
  };
  Drawn result;
  result.x = {1, 2, draw(1, 8), draw(1, 8)};
  result.max.kernel = {draw(1, 4), draw(1, 4)};
  result.max.strides = {draw(1, 3), draw(1, 3)};
  result.max.dilations = {draw(1, 3), draw(1, 3)};
  result.max.pads = {draw(0, 2), draw(0, 2), draw(0, 2), draw(0, 2)};
  result.max.ceil_mode = draw(0, 1) == 1;
  const MaxPool& m = result.max;
  result.average = {m.kernel, m.strides, m.dilations, m.pads, m.auto_pad, m.ceil_mode, draw(0, 1) == 1};
  return result;
}

bool any_empty(const std::vector<Cells>& axis) {
  return std::any_of(axis.begin(), axis.end(), [](const Cells& cells) { return cells.inside.empty(); });
}

void expect_defined(const Drawn& drawn, const std::vector<Cells>& rows, const std::vector<Cells>& columns) {
  const DoubleTensor x = random_tensor(drawn.x, drawn.x.to_string());
  const DoubleTensor max = run<double>(drawn.max, {x});
  const DoubleTensor average = run<double>(drawn.average, {x});
  const auto won = winners(drawn.max, x);
  const Shape expected{1, 2, static_cast<std::int64_t>(rows.size()),
                       static_cast<std::int64_t>(columns.size())};
  ASSERT_EQ(max.shape().to_string(), expected.to_string());
  ASSERT_EQ(average.shape().to_string(), expected.to_string());
  const std::int64_t plane = drawn.x[2] * drawn.x[3];
  for (std::int64_t e = 0; e < max.elements(); ++e) {
    const std::int64_t channel = e / (expected[2] * expected[3]);
    const Cells& row = rows[static_cast<std::size_t>(e / expected[3] % expected[2])];
    const Cells& column = columns[static_cast<std::size_t>(e % expected[3])];
    double highest = -2;
    double sum = 0;
    for (const std::int64_t y : row.inside) {
      for (const std::int64_t z : column.inside) {
        highest = std::max(highest, x[channel * plane + y * drawn.x[3] + z]);
        sum += x[channel * plane + y * drawn.x[3] + z];
      }
    }
    const std::int64_t count = drawn.average.count_include_pad
                                   ? row.padded * column.padded
                                   : static_cast<std::int64_t>(row.inside.size() * column.inside.size());
    EXPECT_EQ(max[e], highest);
    EXPECT_EQ(x[channel * plane + won[static_cast<std::size_t>(e)]], highest);
    EXPECT_NEAR(average[e], sum / static_cast<double>(count), 1e-14);
  }
}

TEST(Pooling, RandomParametersAgreeWithTheDefinition) {
  const RandomStream random(12, "pooling parameters");
  std::uint64_t position = 0;
  int fitting = 0;
  int empty = 0;
  for (int i = 0; i < 1000; ++i) {
    const Drawn drawn = draw_pooling(random, position);
    const MaxPool& m = drawn.max;
    const auto rows = defined_axis(drawn.x[2], m.kernel[0], m.strides[0], m.dilations[0], m.pads[0],
                                   m.pads[2], m.ceil_mode);
    const auto columns = defined_axis(drawn.x[3], m.kernel[1], m.strides[1], m.dilations[1], m.pads[1],
                                      m.pads[3], m.ceil_mode);
    const std::vector<Shape> shapes = {drawn.x};
    if (rows.empty() || columns.empty()) {
      expect_error([&] { infer_shape(m, shapes); }, ErrorKind::model, "larger than the padded input");
    } else if (any_empty(rows) || any_empty(columns)) {
      ++empty;
      expect_error([&] { infer_shape(m, shapes); }, ErrorKind::model, "lies entirely in the padding");
      expect_error([&] { infer_shape(drawn.average, shapes); }, ErrorKind::model,
                   "lies entirely in the padding");
    } else {
      ++fitting;
      expect_defined(drawn, rows, columns);
    }
  }
  EXPECT_GT(fitting, 200);
  EXPECT_GT(empty, 10);
}

TEST(Pooling, RefusesWhatDoesNotFit) {
  const Shape x{1, 1, 4, 4};
  const auto refused = [&](const MaxPool& op, const std::string& part) {
    expect_error([&] { infer_shape(Operator(op), std::vector{x}); }, ErrorKind::model, "[MaxPool]");
    expect_error([&] { infer_shape(Operator(op), std::vector{x}); }, ErrorKind::model, part);
    const AveragePool average{op.kernel, op.strides, op.dilations, op.pads, op.auto_pad, op.ceil_mode};
    expect_error([&] { infer_shape(Operator(average), std::vector{x}); }, ErrorKind::model, part);
  };
  refused({.kernel = {2}}, "1 kernel extents, expected 2");
  refused({.kernel = {0, 2}}, "kernel extents 0");
  refused({.kernel = {2, 2}, .strides = {0, 1}}, "strides 0");
  refused({.kernel = {2, 2}, .dilations = {1, 0}}, "dilations 0");
  refused({.kernel = {2, 2}, .pads = {0, -3, 0, 0}}, "pads -3");
  refused({.kernel = {2, 2}, .pads = {2, 0, 0, 0}}, "lies entirely in the padding");
  refused({.kernel = {5, 2}}, "larger than the padded input");
  // A dilated window that steps over the whole input.
  expect_error(
      [] {
        infer_shape(MaxPool{.kernel = {2}, .dilations = {3}, .pads = {1, 2}}, std::vector<Shape>{{1, 1, 1}});
      },
      ErrorKind::model, "lies entirely in the padding");
  expect_error(
      [] {
        infer_shape(GlobalAveragePool{}, std::vector<Shape>{{1, 3}});
      },
      ErrorKind::model, "[GlobalAveragePool]");
  expect_error(
      [] {
        infer_shape(GlobalAveragePool{}, std::vector<Shape>{{1, 3, 0}});
      },
      ErrorKind::model, "at least one position");
}

}  // namespace
}  // namespace faultline::net
