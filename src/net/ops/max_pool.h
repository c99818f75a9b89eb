#pragma once

#include <string_view>
#include <vector>

#include "net/ops/kernel.h"
#include "net/ops/window.h"

namespace faultline::net {

// Maximum over a sliding window, 1 to 3 spatial axes, as ONNX MaxPool:
//   y[n,c,i,j] = max over u, v of x[n, c, i sy + u dy - top, j sx + v dx - left]
//
//   inside the image only (pads never win); x [N,C,H,W] -> y [N,C,H',W'], extents as resolve_window says.
// The winner is the first in row-major order of those that tie; a NaN wins (the first one). Lists as in Conv.
struct MaxPool {
  static constexpr std::string_view kName = "MaxPool";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::selecting;
  std::vector<std::int64_t> kernel;          // y, x
  std::vector<std::int64_t> strides = {};    // y, x
  std::vector<std::int64_t> dilations = {};  // y, x; 1 is dense
  std::vector<std::int64_t> pads = {};       // top, left, bottom, right
  AutoPad auto_pad = AutoPad::none;
  bool ceil_mode = false;
};

// Throws Error{model} if the parameters do not fit or a window would lie in the padding.
Shape infer_shape(const MaxPool& op, std::span<const Shape> inputs);
template <class S>
void forward(const MaxPool& op, Inputs<S> inputs, BasicTensorView<S> output);
// To each winner.
template <class S>
void backward(const MaxPool& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

// The window that slides over an input of shape x. Throws as infer_shape.
Window window_of(const MaxPool& op, const Shape& x);

// The winner of every output: its flat index within the input plane of the same sample and channel, [D] H W.
//   x [N,C,...] -> winners [N,C,outputs...]. Throws ContractError if `winners` has another number of elements
//   than the output.
template <class S>
void max_pool_winners(const MaxPool& op, BasicTensorView<const S> x, std::span<std::int32_t> winners);

}  // namespace faultline::net
