// Binary operators and normalisations by hand.
#include "expect_error.h"
#include "kernel_check.h"

namespace faultline::net {
namespace {

using test::expect_error;
using test::expect_forward;

TEST(Binary, Broadcasts) {
  const DoubleTensor a({2, 1}, {1, 2});
  const DoubleTensor b({3}, {10, 20, 40});
  expect_forward(Binary{Binary::Kind::add}, {a, b}, DoubleTensor({2, 3}, {11, 21, 41, 12, 22, 42}));
  expect_forward(Binary{Binary::Kind::sub}, {a, b}, DoubleTensor({2, 3}, {-9, -19, -39, -8, -18, -38}));
  expect_forward(Binary{Binary::Kind::mul}, {a, b}, DoubleTensor({2, 3}, {10, 20, 40, 20, 40, 80}));
  expect_forward(Binary{Binary::Kind::div}, {b, a}, DoubleTensor({2, 3}, {10, 20, 40, 5, 10, 20}));
  expect_forward(Binary{Binary::Kind::add}, {b, DoubleTensor(Shape{}, {1})}, DoubleTensor({3}, {11, 21, 41}));
  expect_error(
      [] {
        infer_shape(Operator(Binary{Binary::Kind::mul}), std::vector<Shape>{{2, 3}, {2}});
      },
      ErrorKind::model, "[Mul] inputs [2, 3] and [2] cannot be broadcast");
}

TEST(BatchNormalization, ByHand) {
  // sqrt(3.75 + 0.25) = 2, sqrt(8.75 + 0.25) = 3
  expect_forward(BatchNormalization{.epsilon = 0.25f},
                 {DoubleTensor({1, 2, 1, 2}, {1, 2, 3, 4}), DoubleTensor({2}, {2, 3}),
                  DoubleTensor({2}, {10, 20}), DoubleTensor({2}, {1, 3}), DoubleTensor({2}, {3.75, 8.75})},
                 DoubleTensor({1, 2, 1, 2}, {10, 11, 20, 21}));
  const std::vector<Shape> short_mean = {{1, 2, 4}, {2}, {2}, {1}, {2}};
  expect_error([&] { infer_shape(BatchNormalization{}, short_mean); }, ErrorKind::model,
               "[BatchNormalization] parameter [1] for input [1, 2, 4]");
  const std::vector<Shape> vector = {{2}, {2}, {2}, {2}, {2}};
  expect_error([&] { infer_shape(BatchNormalization{}, vector); }, ErrorKind::model, "expected [N, C, ...]");
}

TEST(Lrn, WindowAcrossChannels) {
  const DoubleTensor x({1, 3, 1, 1}, {1, 2, 3});
  expect_forward(Lrn{.size = 3, .alpha = 3, .beta = 1, .bias = 1}, {x},
                 DoubleTensor({1, 3, 1, 1}, {1 / 6.0, 2 / 15.0, 3 / 14.0}));
  // An even size reaches one channel further forward than back.
  expect_forward(Lrn{.size = 2, .alpha = 2, .beta = 1, .bias = 1}, {x},
                 DoubleTensor({1, 3, 1, 1}, {1 / 6.0, 2 / 14.0, 3 / 10.0}));
  expect_forward(Lrn{.size = 1, .alpha = 1, .beta = 2, .bias = 3}, {x},
                 DoubleTensor({1, 3, 1, 1}, {1 / 16.0, 2 / 49.0, 3 / 144.0}));
  expect_error(
      [] {
        infer_shape(Lrn{.size = 0}, std::vector<Shape>{{1, 3, 1, 1}});
      },
      ErrorKind::model, "[Lrn] size 0");
  expect_error([] { infer_shape(Lrn{}, std::vector<Shape>{{3}}); }, ErrorKind::model, "expected [N, C, ...]");
}

TEST(Softmax, AlongOneAxisOrAllThatFollow) {
  const double ln3 = std::log(3.0);
  expect_forward(Softmax{}, {DoubleTensor({2, 2}, {0, ln3, 1000, 1000})},
                 DoubleTensor({2, 2}, {0.25, 0.75, 0.5, 0.5}));
  expect_forward(Softmax{.axis = 0}, {DoubleTensor({2, 2}, {0, 5, ln3, 5})},
                 DoubleTensor({2, 2}, {0.25, 0.5, 0.75, 0.5}));
  expect_forward(Softmax{.axis = 1}, {DoubleTensor({1, 2, 2}, {0, 0, ln3, 0})},
                 DoubleTensor({1, 2, 2}, {0.25, 0.5, 0.75, 0.5}));
  expect_forward(Softmax{.axis = 1, .coerce_2d = true},
                 {DoubleTensor({2, 2, 2}, {0, 0, 0, 0, -1000, ln3, -1000, 0})},
                 DoubleTensor({2, 2, 2}, {0.25, 0.25, 0.25, 0.25, 0, 0.75, 0, 0.25}));
  expect_error(
      [] {
        infer_shape(Softmax{.axis = 2}, std::vector<Shape>{{1, 3}});
      },
      ErrorKind::model, "[Softmax] axis 2, expected one of 2 axes");
}

TEST(Normalize, ReordersScalesAndCentres) {
  // (10 x - mean) / std of channels 2, 0, 1.
  expect_forward(Normalize{.source = {2, 0, 1}, .scale = 10, .mean = {1, 2, 3}, .std = {2, 4, 1}},
                 {DoubleTensor({1, 3, 1, 1}, {0.1, 0.2, 0.3})}, DoubleTensor({1, 3, 1, 1}, {1, -0.25, -1}));
  expect_error(
      [] {
        infer_shape(Normalize{}, std::vector<Shape>{{1, 4, 2, 2}});
      },
      ErrorKind::model, "[Normalize] input [1, 4, 2, 2]");
}

}  // namespace
}  // namespace faultline::net
