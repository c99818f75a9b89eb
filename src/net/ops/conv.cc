#include "net/ops/conv.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/parallel.h"

namespace faultline::net {

namespace {

// The output positions [first, last) along one axis whose input position i*stride + offset lies in [0,
// extent).
struct Range {
  std::int64_t first;
  std::int64_t last;
};

Range valid_outputs(std::int64_t outputs, std::int64_t extent, std::int64_t stride, std::int64_t offset) {
  const std::int64_t first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const std::int64_t last = extent - 1 < offset ? 0 : (extent - 1 - offset) / stride + 1;
  return {std::min(first, outputs), std::clamp(last, std::min(first, outputs), outputs)};
}

struct Geometry {
  std::int64_t channels, height, width, kernel_y, kernel_x, out_channels, out_y, out_x, group_in, group_out;

  Geometry(const Conv& op, const Shape& x, const Shape& w, const Shape& y)
      : channels(x[1]),
        height(x[2]),
        width(x[3]),
        kernel_y(w[2]),
        kernel_x(w[3]),
        out_channels(w[0]),
        out_y(y[2]),
        out_x(y[3]),
        group_in(w[1]),
        group_out(w[0] / op.groups) {}
};

// Calls visit(kernel element, first output row, ...) for one pair of planes: every (u, v, i) with the range
// of j that reads inside the image. `in_row` and `out_row` are offsets of the rows, `shift` the input column
// of j = 0.
template <class Visit>
void for_each_tap(const Conv& op, const Geometry& g, const Visit& visit) {
  for (std::int64_t u = 0; u < g.kernel_y; ++u) {
    const std::int64_t offset_y = u * op.dilations[0] - op.pads[0];
    const Range rows = valid_outputs(g.out_y, g.height, op.strides[0], offset_y);
    for (std::int64_t v = 0; v < g.kernel_x; ++v) {
      const std::int64_t shift = v * op.dilations[1] - op.pads[1];
      const Range columns = valid_outputs(g.out_x, g.width, op.strides[1], shift);
      for (std::int64_t i = rows.first; i < rows.last; ++i) {
        visit(u * g.kernel_x + v, (i * op.strides[0] + offset_y) * g.width + shift, i * g.out_x, columns);
      }
    }
  }
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::model, "[Conv] " + what);
}

}  // namespace

Shape infer_shape(const Conv& op, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  const Shape& w = inputs[1];
  if (x.rank() != 4 || w.rank() != 4) {
    refuse("input " + x.to_string() + " and weights " + w.to_string() +
           ", expected rank 4 (two-dimensional convolution)");
  }
  if (op.groups < 1 || w[1] * op.groups != x[1] || w[0] % op.groups != 0) {
    refuse("input " + x.to_string() + " and weights " + w.to_string() + " do not fit " +
           std::to_string(op.groups) + " groups");
  }
  if (inputs.size() > 2 && inputs[2].elements() != w[0])
    refuse("bias " + inputs[2].to_string() + ", expected " + std::to_string(w[0]) + " values");
  Shape y{x[0], w[0], 0, 0};
  for (int axis = 0; axis < 2; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    const std::int64_t room =
        x[2 + axis] + op.pads[a] + op.pads[a + 2] - op.dilations[a] * (w[2 + axis] - 1) - 1;
    if (room < 0) refuse("kernel " + w.to_string() + " is larger than the padded input " + x.to_string());
    y[2 + axis] = room / op.strides[a] + 1;
  }
  return y;
}

template <class S>
void forward(const Conv& op, Inputs<S> inputs, BasicTensorView<S> output) {
  const Geometry g(op, inputs[0].shape(), inputs[1].shape(), output.shape());
  const std::int64_t in_plane = g.height * g.width;
  const std::int64_t out_plane = g.out_y * g.out_x;
  const std::int64_t taps = g.kernel_y * g.kernel_x;
  parallel_for(output.shape()[0] * g.out_channels, [&](std::int64_t plane) {
    const std::int64_t o = plane % g.out_channels;
    S* y = output.data() + plane * out_plane;
    std::fill_n(y, out_plane, inputs.size() > 2 ? inputs[2][o] : S{});
    for (std::int64_t c = 0; c < g.group_in; ++c) {
      const std::int64_t in_channel = o / g.group_out * g.group_in + c;
      const S* x = inputs[0].data() + (plane / g.out_channels * g.channels + in_channel) * in_plane;
      const S* w = inputs[1].data() + (o * g.group_in + c) * taps;
      for_each_tap(op, g, [&](std::int64_t tap, std::int64_t in_row, std::int64_t out_row, Range columns) {
        for (std::int64_t j = columns.first; j < columns.last; ++j)
          y[out_row + j] += w[tap] * x[in_row + j * op.strides[1]];
      });
    }
  });
}

template <class S>
void backward(const Conv& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  require(adjoint.input == 0, "[Conv] backward: only the gradient of the image side is defined");
  const auto& weights = adjoint.inputs[1];
  const Geometry g(op, input_gradient.shape(), weights.shape(), adjoint.output_gradient.shape());
  const std::int64_t in_plane = g.height * g.width;
  const std::int64_t out_plane = g.out_y * g.out_x;
  const std::int64_t taps = g.kernel_y * g.kernel_x;
  parallel_for(input_gradient.shape()[0] * g.channels, [&](std::int64_t plane) {
    const std::int64_t group = plane % g.channels / g.group_in;
    S* dx = input_gradient.data() + plane * in_plane;
    std::fill_n(dx, in_plane, S{});
    for (std::int64_t o = group * g.group_out; o < (group + 1) * g.group_out; ++o) {
      const S* dy = adjoint.output_gradient.data() + (plane / g.channels * g.out_channels + o) * out_plane;
      const S* w = weights.data() + (o * g.group_in + plane % g.channels % g.group_in) * taps;
      for_each_tap(op, g, [&](std::int64_t tap, std::int64_t in_row, std::int64_t out_row, Range columns) {
        for (std::int64_t j = columns.first; j < columns.last; ++j)
          dx[in_row + j * op.strides[1]] += w[tap] * dy[out_row + j];
      });
    }
  });
}

FAULTLINE_INSTANTIATE_KERNELS(Conv);

}  // namespace faultline::net
