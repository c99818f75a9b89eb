#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "engine/onednn/context.h"
#include "engine/onednn/conv_paths.h"
#include "engine/onednn/layouts.h"
#include "kernels/suites.h"
#include "kernels/values.h"
#include "net/ops/conv.h"

namespace faultline::bench {

namespace {

using engine::ConvAlgorithm;
using engine::onednn::Context;
using engine::onednn::ConvPath;
using engine::onednn::ConvProblem;
using engine::onednn::Direction;

struct ConvShape {
  const char* name;
  std::int64_t inputs;
  std::int64_t outputs;
  std::int64_t side;  // height and width
  std::int64_t kernel = 3;
  std::int64_t pad = 1;
  std::int64_t stride = 1;
};

// Every shape of VGG-16, and of SqueezeNet 1.0 its first, its last and the three of its smallest and largest
// fire module.
const ConvShape kShapes[] = {
    {"vgg16/conv1_1", 3, 64, 224},
    {"vgg16/conv1_2", 64, 64, 224},
    {"vgg16/conv2_1", 64, 128, 112},
    {"vgg16/conv2_2", 128, 128, 112},
    {"vgg16/conv3_1", 128, 256, 56},
    {"vgg16/conv3_2", 256, 256, 56},
    {"vgg16/conv4_1", 256, 512, 28},
    {"vgg16/conv4_2", 512, 512, 28},
    {"vgg16/conv5_1", 512, 512, 14},
    {"squeezenet/conv1", 3, 96, 224, 7, 0, 2},
    {"squeezenet/fire2_squeeze", 96, 16, 54, 1, 0},
    {"squeezenet/fire2_expand1x1", 16, 64, 54, 1, 0},
    {"squeezenet/fire2_expand3x3", 16, 64, 54},
    {"squeezenet/fire9_squeeze", 512, 64, 13, 1, 0},
    {"squeezenet/fire9_expand1x1", 64, 256, 13, 1, 0},
    {"squeezenet/fire9_expand3x3", 64, 256, 13},
    {"squeezenet/conv10", 512, 1000, 13, 1, 0},
};

constexpr ConvAlgorithm kAlgorithms[] = {ConvAlgorithm::direct, ConvAlgorithm::winograd,
                                         ConvAlgorithm::narrow, ConvAlgorithm::bf16};

double tolerance(ConvAlgorithm algorithm) {
  if (algorithm == ConvAlgorithm::bf16) return 1e-2;
  return algorithm == ConvAlgorithm::winograd ? 1e-5 : 2e-6;
}

// A convolution by one algorithm in one direction, on maps of height and width `side`.
class LoneConv {
 public:
  LoneConv(const ConvShape& shape, std::int64_t side, Direction direction, ConvAlgorithm algorithm)
      : op_{.strides = {shape.stride, shape.stride}, .pads = {shape.pad, shape.pad, shape.pad, shape.pad}},
        x_{1, shape.inputs, side, side},
        weights_(random_values(Shape{shape.outputs, shape.inputs, shape.kernel, shape.kernel}, "weights")),
        bias_(random_values(Shape{shape.outputs}, "bias")),
        direction_(direction) {
    const std::vector<Shape> inputs = {x_, weights_.shape(), bias_.shape()};
    y_ = net::infer_shape(op_, inputs);
    problem_.window = net::window_of(op_, x_, weights_.shape());
    problem_.source = engine::onednn::layout_of(x_.without_leading(), context_.block());
    problem_.destination = engine::onednn::layout_of(y_.without_leading(), context_.block());
    path_ = make_conv_path(algorithm, problem_, direction, context_);
    if (!path_) return;
    context_.allocate();
    path_->set_weights(weights_.data(), bias_.data());
  }

  bool exists() const { return path_ != nullptr; }
  std::string implementation() const { return path_->implementation(); }
  std::int64_t multiply_adds() const { return problem_.multiply_adds(); }
  const engine::Layout& input() const { return forward() ? problem_.source : problem_.destination; }
  const engine::Layout& output() const { return forward() ? problem_.destination : problem_.source; }

  void run(const Rows& input, Rows& output) {
    const auto inputs = input.read();
    const auto outputs = output.write();
    path_->run({.inputs = inputs, .outputs = outputs});
  }

  void check(const std::string& name, double limit) {
    const Rows input_rows(input(), 1, "input");
    Rows output_rows(output(), 1, "output");
    run(input_rows, output_rows);
    const DoubleTensor given = input_rows.first(forward() ? x_ : y_);
    const DoubleTensor expected = forward() ? reference_forward(given) : reference_backward(given);
    require_close(name, output_rows.first(expected.shape()), expected, limit);
  }

 private:
  bool forward() const { return direction_ == Direction::forward; }

  DoubleTensor reference_forward(const DoubleTensor& x) const {
    const DoubleTensor w = to_double(weights_);
    const DoubleTensor b = to_double(bias_);
    const std::vector<DoubleTensorView> inputs = {x, w, b};
    DoubleTensor y(y_);
    net::forward<double>(op_, inputs, y);
    return y;
  }
  DoubleTensor reference_backward(const DoubleTensor& gradient) const {
    const DoubleTensor x(x_);
    const DoubleTensor w = to_double(weights_);
    const DoubleTensor b = to_double(bias_);
    const std::vector<DoubleTensorView> inputs = {x, w, b};
    const DoubleTensor y(y_);
    DoubleTensor result(x_);
    net::backward<double>(op_, {inputs, y, gradient, 0}, result);
    return result;
  }

  net::Conv op_;
  Shape x_;
  Shape y_;
  Tensor weights_;
  Tensor bias_;
  Direction direction_;
  Context context_{engine::EngineOptions{}};
  ConvProblem problem_;
  std::unique_ptr<ConvPath> path_;
};

// On the shape's own channels and kernel but a small map of odd size, as the reference's loops are slow; and,
// on the map that is timed, against oneDNN's direct sum.
void check(const std::string& name, const ConvShape& shape, Direction direction, ConvAlgorithm algorithm) {
  constexpr std::int64_t kSmallSide = 9;
  const std::int64_t small = std::min(shape.side, kSmallSide);
  LoneConv(shape, small, direction, algorithm).check(name, tolerance(algorithm));
  if (algorithm == ConvAlgorithm::direct) return;
  LoneConv conv(shape, shape.side, direction, algorithm);
  LoneConv direct(shape, shape.side, direction, ConvAlgorithm::direct);
  const Rows input(conv.input(), 1, "input");
  Rows found(conv.output(), 1, "found");
  Rows expected(conv.output(), 1, "expected");
  conv.run(input, found);
  direct.run(input, expected);
  const Shape flat{conv.output().channels * conv.output().positions};
  require_close(name, found.first(flat), expected.first(flat), tolerance(algorithm));
}

void time(benchmark::State& state, const std::string& name, const ConvShape& shape, Direction direction,
          ConvAlgorithm algorithm, int images) {
  check_once(name, [&] { check(name, shape, direction, algorithm); });
  LoneConv conv(shape, shape.side, direction, algorithm);
  const Rows input(conv.input(), images, "input");
  Rows output(conv.output(), images, "output");
  for (auto _ : state) conv.run(input, output);
  state.SetLabel(conv.implementation());
  state.counters["GFLOP"] = benchmark::Counter(2e-9 * images * static_cast<double>(conv.multiply_adds()),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

void add_convolutions() {
  for (const ConvShape& shape : kShapes) {
    for (const Direction direction : {Direction::forward, Direction::backward}) {
      for (const ConvAlgorithm algorithm : kAlgorithms) {
        if (!LoneConv(shape, shape.side, direction, algorithm).exists()) continue;
        for (const int images : {1, 8}) {
          const std::string name = std::string(shape.name) + "/" +
                                   (direction == Direction::forward ? "forward/" : "backward/") +
                                   std::string(name_of(algorithm)) + "/" + std::to_string(images);
          benchmark::RegisterBenchmark(name.c_str(),
                                       [=, &shape](benchmark::State& state) {
                                         time(state, name, shape, direction, algorithm, images);
                                       })
              ->UseRealTime()
              ->Unit(benchmark::kMillisecond);
        }
      }
    }
  }
}

}  // namespace faultline::bench
