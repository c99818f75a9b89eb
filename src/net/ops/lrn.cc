#include "net/ops/lrn.h"

#include <algorithm>
#include <cmath>

#include "net/ops/checks.h"
#include "net/scalar.h"

namespace faultline::net {

namespace {

struct Channels {
  std::int64_t first;
  std::int64_t last;
};

// The channels whose squares enter the denominator of channel c.
Channels neighbours(const Lrn& op, std::int64_t c, std::int64_t channels) {
  return {std::max<std::int64_t>(c - (op.size - 1) / 2, 0), std::min(c + op.size / 2 + 1, channels)};
}

template <class S>
S denominator(const Lrn& op, BasicTensorView<const S> x, std::int64_t first, std::int64_t step,
              std::int64_t c) {
  const Channels near = neighbours(op, c, x.shape()[1]);
  S squares{};
  for (std::int64_t k = near.first; k < near.last; ++k) squares += x[first + k * step] * x[first + k * step];
  return S(op.bias) + S(op.alpha) / to_scalar<S>(op.size) * squares;
}

// Calls visit(index of channel 0, step between channels) for every sample and position.
template <class Visit>
void for_each_position(const Shape& shape, const Visit& visit) {
  const std::int64_t plane = shape.elements(2, shape.rank());
  for (std::int64_t n = 0; n < shape[0]; ++n) {
    for (std::int64_t i = 0; i < plane; ++i) visit(n * shape[1] * plane + i, plane);
  }
}

}  // namespace

Shape infer_shape(const Lrn& op, std::span<const Shape> inputs) {
  if (op.size < 1 || op.size >= kElementLimit)
    refuse<Lrn>("size " + std::to_string(op.size) + ", expected at least 1");
  if (inputs[0].rank() < 2) refuse<Lrn>("input " + inputs[0].to_string() + ", expected [N, C, ...]");
  return inputs[0];
}

template <class S>
void forward(const Lrn& op, Inputs<S> inputs, BasicTensorView<S> output) {
  for_each_position(output.shape(), [&](std::int64_t first, std::int64_t step) {
    for (std::int64_t c = 0; c < output.shape()[1]; ++c) {
      const std::int64_t i = first + c * step;
      output[i] = inputs[0][i] * std::pow(denominator(op, inputs[0], first, step, c), S(-op.beta));
    }
  });
}

template <class S>
void backward(const Lrn& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  const auto& x = adjoint.inputs[0];
  const auto& dy = adjoint.output_gradient;
  const std::int64_t channels = input_gradient.shape()[1];
  std::fill_n(input_gradient.data(), input_gradient.elements(), S{});
  const S factor = S(-2) * S(op.alpha) * S(op.beta) / to_scalar<S>(op.size);
  for_each_position(input_gradient.shape(), [&](std::int64_t first, std::int64_t step) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::int64_t i = first + c * step;
      const S d = denominator(op, x, first, step, c);
      const S power = std::pow(d, S(-op.beta));
      input_gradient[i] += dy[i] * power;
      const Channels near = neighbours(op, c, channels);
      for (std::int64_t k = near.first; k < near.last; ++k) {
        input_gradient[first + k * step] += factor * dy[i] * x[i] * power / d * x[first + k * step];
      }
    }
  });
}

FAULTLINE_INSTANTIATE_KERNELS(Lrn);

}  // namespace faultline::net
