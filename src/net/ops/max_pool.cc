#include "net/ops/max_pool.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/parallel.h"
#include "net/scalar.h"

namespace faultline::net {

namespace {

// The winning index within one input plane for the output at (k, i, j); every window has at least one cell
// inside.
template <class S>
std::int64_t winner(const Window& window, const S* plane, std::int64_t k, std::int64_t i, std::int64_t j) {
  std::int64_t best = -1;
  for_each_inside(window, k, i, j, [&](std::int64_t candidate) {
    if (best < 0) {
      best = candidate;
      return;
    }
    const auto value = real_part(plane[candidate]);
    const auto highest = real_part(plane[best]);
    if (value > highest || (std::isnan(value) && !std::isnan(highest))) best = candidate;
  });
  return best;
}

// Calls visit(flat index of the output, flat index of its winner), planes in parallel.
template <class S, class Visit>
void for_each_winner(const MaxPool& op, BasicTensorView<const S> x, const Visit& visit) {
  const Window window = window_of(op, x.shape());
  const std::int64_t in_plane = window.in_plane();
  const std::int64_t out_plane = window.out_plane();
  parallel_for(x.shape()[0] * x.shape()[1], [&](std::int64_t plane) {
    const S* values = x.data() + plane * in_plane;
    for_each_output(window, [&](std::int64_t output, std::int64_t k, std::int64_t i, std::int64_t j) {
      visit(plane * out_plane + output, plane * in_plane + winner(window, values, k, i, j));
    });
  });
}

}  // namespace

Window window_of(const MaxPool& op, const Shape& x) {
  return resolve_pooling_window(MaxPool::kName, x,
                                {op.kernel, op.strides, op.dilations, op.pads, op.auto_pad, op.ceil_mode});
}

Shape infer_shape(const MaxPool& op, std::span<const Shape> inputs) {
  return window_of(op, inputs[0]).output_shape(inputs[0][0], inputs[0][1]);
}

template <class S>
void forward(const MaxPool& op, Inputs<S> inputs, BasicTensorView<S> output) {
  const BasicTensorView<const S> x = inputs[0];
  for_each_winner(op, x, [&](std::int64_t i, std::int64_t won) { output[i] = x[won]; });
}

template <class S>
void backward(const MaxPool& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  std::fill_n(input_gradient.data(), input_gradient.elements(), S{});
  for_each_winner(op, adjoint.inputs[0], [&](std::int64_t i, std::int64_t won) {
    input_gradient[won] += adjoint.output_gradient[i];
  });
}

template <class S>
void max_pool_winners(const MaxPool& op, BasicTensorView<const S> x, std::span<std::int32_t> winners) {
  const Window window = window_of(op, x.shape());
  const std::int64_t planes = x.shape()[0] * x.shape()[1];
  require(static_cast<std::int64_t>(winners.size()) == planes * window.out_plane(),
          "[MaxPool] winners: as many as the output has elements");
  for_each_winner(op, x, [&](std::int64_t i, std::int64_t won) {
    winners[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(won % window.in_plane());
  });
}

FAULTLINE_INSTANTIATE_KERNELS(MaxPool);
template void max_pool_winners(const MaxPool&, BasicTensorView<const float>, std::span<std::int32_t>);
template void max_pool_winners(const MaxPool&, BasicTensorView<const double>, std::span<std::int32_t>);
template void max_pool_winners(const MaxPool&, BasicTensorView<const std::complex<double>>,
                               std::span<std::int32_t>);

}  // namespace faultline::net
