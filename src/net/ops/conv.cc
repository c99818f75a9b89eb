#include "net/ops/conv.h"

#include <algorithm>
#include <string>

#include "base/parallel.h"
#include "net/ops/checks.h"

namespace faultline::net {

namespace {

struct Geometry {
  Window window;
  std::int64_t channels, out_channels, group_in, group_out, in_plane, out_plane, taps;

  Geometry(const Conv& op, const Shape& x, const Shape& w)
      : window(window_of(op, x, w)),
        channels(x[1]),
        out_channels(w[0]),
        group_in(w[1]),
        group_out(w[0] / op.groups),
        in_plane(window.in_plane()),
        out_plane(window.out_plane()),
        taps(w.elements(2, w.rank())) {}
};

// Calls visit(tap, in, out, columns) for one pair of planes: every kernel element with every output row that
// it reads inside the image, where columns [first, last) do. `in` is the index of column 0's input, `out` of
// column 0's output.
template <class Visit>
void for_each_tap(const Window& window, const Visit& visit) {
  const auto& [depth, height, width] = window.axes;
  for (std::int64_t tap = 0; tap < depth.kernel * height.kernel * width.kernel; ++tap) {
    const std::int64_t t = tap / (height.kernel * width.kernel);
    const std::int64_t u = tap / width.kernel % height.kernel;
    const std::int64_t v = tap % width.kernel;
    const IndexRange slices = outputs_inside(depth, t);
    const IndexRange rows = outputs_inside(height, u);
    const IndexRange columns = outputs_inside(width, v);
    for (std::int64_t k = slices.first; k < slices.last; ++k) {
      const std::int64_t slice = (depth.start(k) + t * depth.dilation) * height.extent;
      for (std::int64_t i = rows.first; i < rows.last; ++i) {
        const std::int64_t row = slice + height.start(i) + u * height.dilation;
        visit(tap, row * width.extent + width.start(0) + v * width.dilation,
              (k * height.outputs + i) * width.outputs, columns);
      }
    }
  }
}

void check_channels(const Conv& op, const Shape& x, const Shape& w) {
  const bool groups_fit =
      op.groups >= 1 && op.groups < kElementLimit && w[1] * op.groups == x[1] && w[0] % op.groups == 0;
  if (!groups_fit) {
    refuse<Conv>("input " + x.to_string() + " and weights " + w.to_string() + " do not fit " +
                 std::to_string(op.groups) + " groups");
  }
}

}  // namespace

Window window_of(const Conv& op, const Shape& x, const Shape& w) {
  const std::span<const std::int64_t> extents(w.begin(), w.end());
  return resolve_window(Conv::kName, x, {extents.subspan(2), op.strides, op.dilations, op.pads, op.auto_pad});
}

Shape infer_shape(const Conv& op, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  const Shape& w = inputs[1];
  if (x.rank() < 3 || w.rank() != x.rank()) {
    refuse<Conv>("input " + x.to_string() + " and weights " + w.to_string() +
                 ", expected [N, C, spatial...] of the same rank");
  }
  check_channels(op, x, w);
  if (inputs.size() > 2 && (inputs[2].rank() != 1 || inputs[2][0] != w[0])) {
    refuse<Conv>("bias " + inputs[2].to_string() + ", expected " + std::to_string(w[0]) + " values");
  }
  return window_of(op, x, w).output_shape(x[0], w[0]);
}

template <class S>
void forward(const Conv& op, Inputs<S> inputs, BasicTensorView<S> output) {
  const Geometry g(op, inputs[0].shape(), inputs[1].shape());
  const std::int64_t stride = g.window.width().stride;
  parallel_for(output.shape()[0] * g.out_channels, [&](std::int64_t plane) {
    const std::int64_t o = plane % g.out_channels;
    S* y = output.data() + plane * g.out_plane;
    std::fill_n(y, g.out_plane, inputs.size() > 2 ? inputs[2][o] : S{});
    for (std::int64_t c = 0; c < g.group_in; ++c) {
      const std::int64_t in_channel = o / g.group_out * g.group_in + c;
      const S* x = inputs[0].data() + (plane / g.out_channels * g.channels + in_channel) * g.in_plane;
      const S* w = inputs[1].data() + (o * g.group_in + c) * g.taps;
      for_each_tap(g.window, [&](std::int64_t tap, std::int64_t in, std::int64_t out, IndexRange columns) {
        for (std::int64_t j = columns.first; j < columns.last; ++j) y[out + j] += w[tap] * x[in + j * stride];
      });
    }
  });
}

template <class S>
void backward(const Conv& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  require(adjoint.input == 0, "[Conv] backward: only the gradient of the image side is defined");
  const auto& weights = adjoint.inputs[1];
  const Geometry g(op, input_gradient.shape(), weights.shape());
  const std::int64_t stride = g.window.width().stride;
  parallel_for(input_gradient.shape()[0] * g.channels, [&](std::int64_t plane) {
    const std::int64_t group = plane % g.channels / g.group_in;
    S* dx = input_gradient.data() + plane * g.in_plane;
    std::fill_n(dx, g.in_plane, S{});
    for (std::int64_t o = group * g.group_out; o < (group + 1) * g.group_out; ++o) {
      const S* dy = adjoint.output_gradient.data() + (plane / g.channels * g.out_channels + o) * g.out_plane;
      const S* w = weights.data() + (o * g.group_in + plane % g.channels % g.group_in) * g.taps;
      for_each_tap(g.window, [&](std::int64_t tap, std::int64_t in, std::int64_t out, IndexRange columns) {
        for (std::int64_t j = columns.first; j < columns.last; ++j)
          dx[in + j * stride] += w[tap] * dy[out + j];
      });
    }
  });
}

FAULTLINE_INSTANTIATE_KERNELS(Conv);

}  // namespace faultline::net
