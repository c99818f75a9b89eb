#pragma once

#include <array>
#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// Two-dimensional cross-correlation, as ONNX Conv:
//   y[n,o,i,j] = b[o] + sum_{c,u,v} w[o,c,u,v] x[n, g C/groups + c, i sy + u dy - top, j sx + v dx - left],
//   g = o / (O/groups) inputs x [N,C,H,W], w [O,C/groups,kh,kw], optional b [O]; x outside its extent is 0 ->
//   y [N,O,H',W'], H' = (H + top + bottom - dy (kh-1) - 1) / sy + 1, rounded down.
struct Conv {
  static constexpr std::string_view kName = "Conv";
  std::array<std::int64_t, 2> strides = {1, 1};     // y, x
  std::array<std::int64_t, 2> dilations = {1, 1};   // y, x; 1 is dense
  std::array<std::int64_t, 4> pads = {0, 0, 0, 0};  // top, left, bottom, right
  std::int64_t groups = 1;
};

// Throws Error{model} if ranks, channels or bias do not fit, or the result would be empty.
Shape infer_shape(const Conv& op, std::span<const Shape> inputs);
template <class S>
void forward(const Conv& op, Inputs<S> inputs, BasicTensorView<S> output);
// Only for input 0 (the image side): weight gradients are never needed. Throws ContractError for the others.
template <class S>
void backward(const Conv& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
