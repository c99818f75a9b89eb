#pragma once

#include <string_view>
#include <vector>

#include "net/ops/kernel.h"
#include "net/ops/window.h"

namespace faultline::net {

// Mean over a sliding window, 1 to 3 spatial axes, as ONNX AveragePool:
//   y[n,c,i,j] = sum over u, v of x[n, c, i sy + u dy - top, j sx + v dx - left] / count
//
//   count: the cells of the window inside the image; with count_include_pad inside the padded image, so that
//   what ceil_mode adds beyond the pads never counts (PyTorch's rule).
//   x [N,C,H,W] -> y [N,C,H',W'], extents as resolve_window says. Lists as in Conv.
struct AveragePool {
  static constexpr std::string_view kName = "AveragePool";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  std::vector<std::int64_t> kernel;          // y, x
  std::vector<std::int64_t> strides = {};    // y, x
  std::vector<std::int64_t> dilations = {};  // y, x; 1 is dense
  std::vector<std::int64_t> pads = {};       // top, left, bottom, right
  AutoPad auto_pad = AutoPad::none;
  bool ceil_mode = false;
  bool count_include_pad = false;
};

// Throws Error{model} if the parameters do not fit or a window would lie in the padding.
Shape infer_shape(const AveragePool& op, std::span<const Shape> inputs);
template <class S>
void forward(const AveragePool& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const AveragePool& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

// The window that slides over an input of shape x. Throws as infer_shape.
Window window_of(const AveragePool& op, const Shape& x);

}  // namespace faultline::net
