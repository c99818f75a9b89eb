#include "net/ops/window.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "net/ops/kernel.h"

namespace faultline::net {

namespace {

[[noreturn]] void refuse_window(std::string_view op, const std::string& what) {
  throw Error(ErrorKind::model, "[" + std::string(op) + "] " + what);
}

std::int64_t divide_up(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

void check_list(std::string_view op, const char* name, std::span<const std::int64_t> values,
                std::size_t count, std::int64_t least) {
  if (values.size() != count) {
    refuse_window(op, std::to_string(values.size()) + " " + name + ", expected " + std::to_string(count));
  }
  for (const std::int64_t value : values) {
    if (value < least || value >= kElementLimit) {
      refuse_window(op, std::string(name) + " " + std::to_string(value) + ", expected at least " +
                            std::to_string(least) + " and below 2^31");
    }
  }
}

void check_parameters(std::string_view op, const Shape& input, const WindowParameters& parameters) {
  if (input.rank() < 3) {
    refuse_window(op, "input " + input.to_string() + ", expected [N, C, and 1 to 3 spatial axes]");
  }
  const auto spatial = static_cast<std::size_t>(input.rank() - 2);
  if (spatial > 3) {
    throw Error(ErrorKind::unsupported,
                "[" + std::string(op) + "] input " + input.to_string() + ": more than 3 spatial axes");
  }
  check_list(op, "kernel extents", parameters.kernel, spatial, 1);
  if (!parameters.strides.empty()) check_list(op, "strides", parameters.strides, spatial, 1);
  if (!parameters.dilations.empty()) check_list(op, "dilations", parameters.dilations, spatial, 1);
  if (!parameters.pads.empty()) check_list(op, "pads", parameters.pads, 2 * spatial, 0);
}

// Pads and number of outputs of an axis that has the rest of its parameters.
void resolve_outputs(WindowAxis& axis, const WindowParameters& parameters) {
  const std::int64_t reach = axis.dilation * (axis.kernel - 1) + 1;
  if (parameters.auto_pad == AutoPad::same_upper || parameters.auto_pad == AutoPad::same_lower) {
    axis.outputs = divide_up(axis.extent, axis.stride);
    const std::int64_t pad =
        std::max<std::int64_t>((axis.outputs - 1) * axis.stride + reach - axis.extent, 0);
    axis.pad_begin = parameters.auto_pad == AutoPad::same_upper ? pad / 2 : pad - pad / 2;
    axis.pad_end = pad - axis.pad_begin;
    return;
  }
  const std::int64_t room = axis.extent + axis.pad_begin + axis.pad_end - reach;
  if (room < 0) {
    axis.outputs = 0;
    return;
  }
  const bool round_up = parameters.ceil_mode && parameters.auto_pad == AutoPad::none;
  axis.outputs = (round_up ? divide_up(room, axis.stride) : room / axis.stride) + 1;
  if (round_up && axis.start(axis.outputs - 1) >= axis.extent) --axis.outputs;
}

WindowAxis resolve_axis_window(std::int64_t extent, std::size_t i, std::size_t spatial,
                               const WindowParameters& parameters) {
  WindowAxis axis;
  axis.extent = extent;
  axis.kernel = parameters.kernel[i];
  if (!parameters.strides.empty()) axis.stride = parameters.strides[i];
  if (!parameters.dilations.empty()) axis.dilation = parameters.dilations[i];
  if (!parameters.pads.empty() && parameters.auto_pad == AutoPad::none) {
    axis.pad_begin = parameters.pads[i];
    axis.pad_end = parameters.pads[i + spatial];
  }
  resolve_outputs(axis, parameters);
  return axis;
}

}  // namespace

IndexRange taps_below(const WindowAxis& axis, std::int64_t output, std::int64_t end) {
  const std::int64_t start = axis.start(output);
  const std::int64_t first = start >= 0 ? 0 : divide_up(-start, axis.dilation);
  const std::int64_t last = start >= end ? 0 : divide_up(end - start, axis.dilation);
  const std::int64_t begin = std::min(first, axis.kernel);
  return {begin, std::clamp(last, begin, axis.kernel)};
}

IndexRange outputs_inside(const WindowAxis& axis, std::int64_t tap) {
  const std::int64_t offset = tap * axis.dilation - axis.pad_begin;
  const std::int64_t first = offset >= 0 ? 0 : divide_up(-offset, axis.stride);
  const std::int64_t last = offset >= axis.extent ? 0 : (axis.extent - 1 - offset) / axis.stride + 1;
  const std::int64_t begin = std::min(first, axis.outputs);
  return {begin, std::clamp(last, begin, axis.outputs)};
}

Shape Window::output_shape(std::int64_t samples, std::int64_t channels) const {
  Shape shape{samples, channels};
  for (int axis = 3 - spatial_rank; axis < 3; ++axis)
    shape.append(axes[static_cast<std::size_t>(axis)].outputs);
  return shape;
}

Window resolve_window(std::string_view op, const Shape& input, const WindowParameters& parameters) {
  check_parameters(op, input, parameters);
  const auto spatial = static_cast<std::size_t>(input.rank() - 2);
  Window window;
  window.spatial_rank = input.rank() - 2;
  for (std::size_t i = 0; i < spatial; ++i) {
    WindowAxis& axis = window.axes[3 - spatial + i];
    axis = resolve_axis_window(input[static_cast<int>(i) + 2], i, spatial, parameters);
    if (axis.outputs < 1) {
      refuse_window(op, "kernel extent " + std::to_string(axis.kernel) + " with dilation " +
                            std::to_string(axis.dilation) + " is larger than the padded input " +
                            input.to_string());
    }
  }
  return window;
}

Window resolve_pooling_window(std::string_view op, const Shape& input, const WindowParameters& parameters) {
  const Window window = resolve_window(op, input, parameters);
  for (const WindowAxis& axis : window.axes) {
    if (axis.outputs >= kElementLimit) refuse_window(op, "more than 2^31 outputs");
    for (std::int64_t i = 0; i < axis.outputs; ++i) {
      if (taps_inside(axis, i).size() == 0) {
        refuse_window(op, "a window of kernel extent " + std::to_string(axis.kernel) +
                              " lies entirely in the padding of input " + input.to_string());
      }
    }
  }
  return window;
}

}  // namespace faultline::net
