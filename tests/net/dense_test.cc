#include "expect_error.h"
#include "kernel_check.h"

namespace faultline::net {
namespace {

using test::expect_error;
using test::expect_forward;

TEST(Gemm, ScalesTransposesAndBroadcasts) {
  const DoubleTensor a({2, 2}, {1, 2, 3, 4});
  const DoubleTensor b({2, 2}, {1, 0, 1, 1});
  // [1 3; 2 4] [1 1; 0 1] = [1 4; 2 6]
  const Gemm op{.alpha = 0.5f, .beta = 2, .transpose_a = true, .transpose_b = true};
  expect_forward(op, {a, b, DoubleTensor({2, 1}, {10, 20})}, DoubleTensor({2, 2}, {20.5, 22, 41, 43}));
  expect_forward(op, {a, b, DoubleTensor({2}, {10, 20})}, DoubleTensor({2, 2}, {20.5, 42, 21, 43}));
  expect_forward(op, {a, b, DoubleTensor(Shape{}, {10})}, DoubleTensor({2, 2}, {20.5, 22, 21, 23}));
  expect_forward(op, {a, b}, DoubleTensor({2, 2}, {0.5, 2, 1, 3}));
}

TEST(Gemm, RectangularInEveryOrientation) {
  const DoubleTensor row({1, 3}, {1, 2, 3});
  const DoubleTensor column({3, 1}, {1, 2, 3});
  const DoubleTensor b({3, 2}, {1, 4, 2, 5, 3, 6});
  const DoubleTensor b_transposed({2, 3}, {1, 2, 3, 4, 5, 6});
  const DoubleTensor product({1, 2}, {14, 32});
  expect_forward(Gemm{}, {row, b}, product);
  expect_forward(Gemm{.transpose_a = true}, {column, b}, product);
  expect_forward(Gemm{.transpose_b = true}, {row, b_transposed}, product);
  expect_forward(Gemm{.transpose_a = true, .transpose_b = true}, {column, b_transposed}, product);
}

TEST(MatMul, VectorsMatricesAndStacks) {
  const DoubleTensor v({2}, {1, 2});
  const DoubleTensor m({2, 3}, {1, 2, 3, 4, 5, 6});
  expect_forward(MatMul{}, {v, v}, DoubleTensor(Shape{}, {5}));
  expect_forward(MatMul{}, {v, m}, DoubleTensor({3}, {9, 12, 15}));
  expect_forward(MatMul{}, {m, DoubleTensor({3}, {1, 0, -1})}, DoubleTensor({2}, {-2, -2}));
  // Two rows (stacked) times one matrix; one row times two stacked matrices.
  expect_forward(MatMul{}, {DoubleTensor({2, 1, 2}, {1, 0, 0, 1}), m},
                 DoubleTensor({2, 1, 3}, {1, 2, 3, 4, 5, 6}));
  expect_forward(MatMul{}, {DoubleTensor({1, 2}, {1, 10}), DoubleTensor({2, 2, 1}, {1, 2, 3, 4})},
                 DoubleTensor({2, 1, 1}, {21, 43}));
}

TEST(Dense, RefusesWhatDoesNotFit) {
  const auto refused = [](const Operator& op, const std::vector<Shape>& shapes, const std::string& part) {
    expect_error([&] { infer_shape(op, shapes); }, ErrorKind::model, part);
  };
  refused(Gemm{}, {{2, 3}, {4, 5}}, "[Gemm] matrices [2, 3] and [4, 5] do not fit");
  refused(Gemm{.transpose_b = true}, {{2, 3}, {3, 5}}, "do not fit");
  refused(Gemm{}, {{2, 3, 1}, {3, 5}}, "do not fit");
  refused(Gemm{}, {{2, 3}, {3, 5}, {3, 1}}, "C [3, 1] cannot be broadcast to [2, 5]");
  refused(Gemm{}, {{2, 3}, {3, 5}, {1, 2, 5}}, "cannot be broadcast");
  refused(Gemm{}, {{1, 3}, {3, 5}, {2, 5}}, "cannot be broadcast");
  refused(MatMul{}, {{2, 3}, {4, 5}}, "[MatMul] inputs [2, 3] and [4, 5] do not fit");
  refused(MatMul{}, {{2, 2, 3}, {3, 3, 5}}, "do not fit");
  refused(MatMul{}, {Shape{}, {3}}, "a scalar");
  refused(MatMul{}, {{70000, 1}, {1, 70000}}, "less than 2^31 elements");
}

}  // namespace
}  // namespace faultline::net
