#pragma once

#include <array>
#include <span>
#include <string_view>

#include "tensor/shape.h"

namespace faultline::net {

// How ONNX's auto_pad pads; `none` (NOTSET) means that the pads given count, with all others they are
// ignored.
//   same_upper, same_lower: outputs = extent / stride rounded up; an odd pad goes to the end or to the
//   beginning; valid: no pads.
enum class AutoPad { none, same_upper, same_lower, valid };

// One axis of a sliding window with everything resolved:
//   output i reads the inputs i stride - pad_begin + u dilation, u = 0 ... kernel-1, where they lie in [0,
//   extent).
struct WindowAxis {
  std::int64_t extent = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t pad_begin = 0;
  std::int64_t pad_end = 0;
  std::int64_t outputs = 1;

  std::int64_t start(std::int64_t output) const { return output * stride - pad_begin; }
};

// A half-open range of indices; first == last is empty.
struct IndexRange {
  std::int64_t first;
  std::int64_t last;
  std::int64_t size() const { return last - first; }
};
// The u that read inside [0, end) for one output, given that `end` >= extent.
IndexRange taps_below(const WindowAxis& axis, std::int64_t output, std::int64_t end);
inline IndexRange taps_inside(const WindowAxis& axis, std::int64_t output) {
  return taps_below(axis, output, axis.extent);
}
// The outputs whose tap u reads inside [0, extent).
IndexRange outputs_inside(const WindowAxis& axis, std::int64_t tap);

// A window over 1 to 3 spatial axes, always seen as depth, height, width: axes that a network does not have
// (depth of an image, height of a signal) stand in front with extent, kernel and outputs 1.
struct Window {
  std::array<WindowAxis, 3> axes;
  int spatial_rank = 2;

  const WindowAxis& depth() const { return axes[0]; }
  const WindowAxis& height() const { return axes[1]; }
  const WindowAxis& width() const { return axes[2]; }
  std::int64_t in_plane() const { return axes[0].extent * axes[1].extent * axes[2].extent; }
  std::int64_t out_plane() const { return axes[0].outputs * axes[1].outputs * axes[2].outputs; }
  // [samples, channels, outputs of each spatial axis]
  Shape output_shape(std::int64_t samples, std::int64_t channels) const;
};

// The parameters as ONNX writes them: one entry for each spatial axis, outermost first; pads first all
// beginnings, then all ends; an empty list stands for ones (strides, dilations) or zeros (pads).
struct WindowParameters {
  std::span<const std::int64_t> kernel;
  std::span<const std::int64_t> strides;
  std::span<const std::int64_t> dilations;
  std::span<const std::int64_t> pads;
  AutoPad auto_pad = AutoPad::none;
  // outputs = (extent + pads - dilation (kernel-1) - 1) / stride + 1, rounded down; with ceil_mode up, but
  // then a last window that would begin beyond the input and its leading pad is dropped (PyTorch's rule).
  bool ceil_mode = false;
};

// Resolves the parameters for an input [N, C, spatial...]. Throws Error{model} "[op] ..." if their number
// does not fit the input, one is out of range (kernel, stride, dilation >= 1, pads >= 0, all < 2^31) or the
// window is larger than the padded input; Error{unsupported} for more than three spatial axes.
Window resolve_window(std::string_view op, const Shape& input, const WindowParameters& parameters);
// For pooling also: Error{model} if a window would lie entirely in the padding.
Window resolve_pooling_window(std::string_view op, const Shape& input, const WindowParameters& parameters);

// Calls visit(flat index into the input plane) for all that output (z, y, x) reads inside the image, in
// row-major order.
template <class Visit>
void for_each_inside(const Window& window, std::int64_t z, std::int64_t y, std::int64_t x,
                     const Visit& visit) {
  const auto& [depth, height, width] = window.axes;
  const IndexRange depths = taps_inside(depth, z);
  const IndexRange rows = taps_inside(height, y);
  const IndexRange columns = taps_inside(width, x);
  for (std::int64_t t = depths.first; t < depths.last; ++t) {
    const std::int64_t slice = (depth.start(z) + t * depth.dilation) * height.extent;
    for (std::int64_t u = rows.first; u < rows.last; ++u) {
      const std::int64_t row = (slice + height.start(y) + u * height.dilation) * width.extent;
      for (std::int64_t v = columns.first; v < columns.last; ++v)
        visit(row + width.start(x) + v * width.dilation);
    }
  }
}

// Calls visit(output, z, y, x) for every output of a plane, in row-major order.
template <class Visit>
void for_each_output(const Window& window, const Visit& visit) {
  std::int64_t output = 0;
  for (std::int64_t z = 0; z < window.depth().outputs; ++z) {
    for (std::int64_t y = 0; y < window.height().outputs; ++y) {
      for (std::int64_t x = 0; x < window.width().outputs; ++x) visit(output++, z, y, x);
    }
  }
}

}  // namespace faultline::net
