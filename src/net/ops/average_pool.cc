#include "net/ops/average_pool.h"

#include <algorithm>

#include "base/parallel.h"
#include "net/scalar.h"

namespace faultline::net {

namespace {

std::int64_t cells(const AveragePool& op, const Window& window, std::int64_t k, std::int64_t i,
                   std::int64_t j) {
  const std::array<std::int64_t, 3> output = {k, i, j};
  std::int64_t count = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    const WindowAxis& axis = window.axes[a];
    const std::int64_t end = axis.extent + axis.pad_end;
    // A window never begins before the leading pad, so only the end of the padded image cuts it.
    count *= op.count_include_pad
                 ? std::min(axis.kernel, (end - axis.start(output[a]) + axis.dilation - 1) / axis.dilation)
                 : taps_inside(axis, output[a]).size();
  }
  return count;
}

// Calls visit(flat index of an output, its weight 1/count, flat index of one of its cells), planes in
// parallel.
template <class S, class Visit>
void for_each_cell(const AveragePool& op, const Shape& x, const Visit& visit) {
  const Window window = window_of(op, x);
  parallel_for(x[0] * x[1], [&](std::int64_t plane) {
    const std::int64_t in = plane * window.in_plane();
    const std::int64_t out = plane * window.out_plane();
    for_each_output(window, [&](std::int64_t output, std::int64_t k, std::int64_t i, std::int64_t j) {
      const S weight = S(1) / to_scalar<S>(cells(op, window, k, i, j));
      for_each_inside(window, k, i, j, [&](std::int64_t cell) { visit(out + output, weight, in + cell); });
    });
  });
}

}  // namespace

Window window_of(const AveragePool& op, const Shape& x) {
  return resolve_pooling_window(AveragePool::kName, x,
                                {op.kernel, op.strides, op.dilations, op.pads, op.auto_pad, op.ceil_mode});
}

Shape infer_shape(const AveragePool& op, std::span<const Shape> inputs) {
  return window_of(op, inputs[0]).output_shape(inputs[0][0], inputs[0][1]);
}

template <class S>
void forward(const AveragePool& op, Inputs<S> inputs, BasicTensorView<S> output) {
  std::fill_n(output.data(), output.elements(), S{});
  for_each_cell<S>(op, inputs[0].shape(), [&](std::int64_t i, S weight, std::int64_t cell) {
    output[i] += weight * inputs[0][cell];
  });
}

template <class S>
void backward(const AveragePool& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  std::fill_n(input_gradient.data(), input_gradient.elements(), S{});
  for_each_cell<S>(op, input_gradient.shape(), [&](std::int64_t i, S weight, std::int64_t cell) {
    input_gradient[cell] += weight * adjoint.output_gradient[i];
  });
}

FAULTLINE_INSTANTIATE_KERNELS(AveragePool);

}  // namespace faultline::net
