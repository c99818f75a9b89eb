#include "net/ops/pad.h"

#include <algorithm>
#include <array>

#include "net/ops/checks.h"
#include "net/ops/strided.h"

namespace faultline::net {

namespace {

// One axis: what is kept of the input, [first, first + kept), and what is added to it.
struct PadAxis {
  std::int64_t first = 0;
  std::int64_t kept = 1;
  std::int64_t before = 0;
  std::int64_t after = 0;
};

PadAxis pad_axis(const Pad& op, const Shape& x, int axis) {
  const auto at = static_cast<std::size_t>(axis);
  const std::int64_t begin = op.pads[at];
  const std::int64_t end = op.pads[at + static_cast<std::size_t>(x.rank())];
  const std::int64_t first = std::max<std::int64_t>(-begin, 0);
  const std::int64_t kept = x[axis] - first - std::max<std::int64_t>(-end, 0);
  return {first, kept, std::max<std::int64_t>(begin, 0), std::max<std::int64_t>(end, 0)};
}

// The input position that output position i shows, or -1 for the constant.
std::int64_t source(Pad::Mode mode, const PadAxis& axis, std::int64_t i) {
  std::int64_t inside = i - axis.before;
  if (inside < 0 || inside >= axis.kept) {
    if (mode == Pad::Mode::constant) return -1;
    if (mode == Pad::Mode::edge) {
      inside = std::clamp<std::int64_t>(inside, 0, axis.kept - 1);
    } else {
      inside = inside < 0 ? -inside : 2 * (axis.kept - 1) - inside;
    }
  }
  return axis.first + inside;
}

// Calls visit(output index, input index or -1).
template <class Visit>
void for_each_source(const Pad& op, const Shape& x, const Shape& y, const Visit& visit) {
  const Strides x_strides = dense_strides(x);
  const Strides y_strides = dense_strides(y);
  std::array<PadAxis, Shape::kMaxRank> axes{};
  for (int axis = 0; axis < x.rank(); ++axis) axes[static_cast<std::size_t>(axis)] = pad_axis(op, x, axis);
  for (std::int64_t i = 0; i < y.elements(); ++i) {
    std::int64_t input = 0;
    for (int axis = 0; axis < x.rank() && input >= 0; ++axis) {
      const auto a = static_cast<std::size_t>(axis);
      const std::int64_t position = source(op.mode, axes[a], i / y_strides[a] % y[axis]);
      input = position < 0 ? -1 : input + position * x_strides[a];
    }
    visit(i, input);
  }
}

void check_axis(const Pad& op, const PadAxis& axis, const Shape& x) {
  const std::int64_t added = std::max(axis.before, axis.after);
  if (axis.kept < 0) refuse<Pad>("crops more than input " + x.to_string() + " has");
  if (op.mode == Pad::Mode::reflect && added > 0 && added >= axis.kept) {
    refuse<Pad>("reflects " + std::to_string(added) + " positions of input " + x.to_string() +
                ", expected fewer than its extent");
  }
  if (op.mode == Pad::Mode::edge && added > 0 && axis.kept == 0)
    refuse<Pad>("input " + x.to_string() + " has no edge to repeat");
}

}  // namespace

Shape infer_shape(const Pad& op, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  if (op.pads.size() != 2 * static_cast<std::size_t>(x.rank())) {
    refuse<Pad>(std::to_string(op.pads.size()) + " pads for input " + x.to_string() +
                ", expected two for each axis");
  }
  for (const std::int64_t pad : op.pads) {
    if (pad <= -kElementLimit || pad >= kElementLimit)
      refuse<Pad>("pads " + std::to_string(pad) + ", expected less than 2^31");
  }
  Shape y;
  for (int a = 0; a < x.rank(); ++a) {
    const PadAxis axis = pad_axis(op, x, a);
    check_axis(op, axis, x);
    y.append(axis.before + axis.kept + axis.after);
  }
  return y;
}

template <class S>
void forward(const Pad& op, Inputs<S> inputs, BasicTensorView<S> output) {
  for_each_source(op, inputs[0].shape(), output.shape(), [&](std::int64_t i, std::int64_t from) {
    output[i] = from < 0 ? S(op.value) : inputs[0][from];
  });
}

template <class S>
void backward(const Pad& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  std::fill_n(input_gradient.data(), input_gradient.elements(), S{});
  for_each_source(op, input_gradient.shape(), adjoint.output_gradient.shape(),
                  [&](std::int64_t i, std::int64_t from) {
                    if (from >= 0) input_gradient[from] += adjoint.output_gradient[i];
                  });
}

FAULTLINE_INSTANTIATE_KERNELS(Pad);

}  // namespace faultline::net
