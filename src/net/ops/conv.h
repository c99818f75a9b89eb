#pragma once

#include <string_view>
#include <vector>

#include "net/ops/kernel.h"
#include "net/ops/window.h"

namespace faultline::net {

// Cross-correlation over 1 to 3 spatial axes, as ONNX Conv. With two:
//   y[n,o,i,j] = b[o] + sum_{c,u,v} w[o,c,u,v] x[n, g C/groups + c, i sy + u dy - top, j sx + v dx - left],
//
//   g = o / (O/groups); x outside its extent is 0
//   inputs: x [N,C,H,W], w [O,C/groups,kh,kw], optional b [O] -> y [N,O,H',W'],
//
//   H' = (H + top + bottom - dy (kh-1) - 1) / sy + 1, rounded down.
//
// Lists have one entry for each spatial axis, outermost first; an empty one stands for ones (strides,
// dilations) or zeros (pads). window_of gives them resolved.
struct Conv {
  static constexpr std::string_view kName = "Conv";
  static constexpr InputCount kInputs{.least = 2, .most = 3, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  std::vector<std::int64_t> strides = {};    // y, x
  std::vector<std::int64_t> dilations = {};  // y, x; 1 is dense
  std::vector<std::int64_t> pads = {};       // top, left, bottom, right
  std::int64_t groups = 1;
  AutoPad auto_pad = AutoPad::none;
};

// Throws Error{model} if ranks, channels, bias or parameters do not fit, or the result would be empty.
Shape infer_shape(const Conv& op, std::span<const Shape> inputs);
// The window that slides over x, given x's and w's shapes: strides, dilations, pads and outputs of every
// axis. Throws as infer_shape.
Window window_of(const Conv& op, const Shape& x, const Shape& w);
template <class S>
void forward(const Conv& op, Inputs<S> inputs, BasicTensorView<S> output);
// Only for input 0 (the image side): weight gradients are never needed. Throws ContractError for the others.
template <class S>
void backward(const Conv& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
