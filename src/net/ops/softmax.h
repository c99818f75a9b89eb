#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// y = exp(x) / sum of exp(x) along `axis` (negative: from the end), computed with the maximum subtracted.
// With coerce_2d (ONNX before opset 13) the sum runs over `axis` and all axes after it together.
struct Softmax {
  static constexpr std::string_view kName = "Softmax";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::general;
  std::int64_t axis = -1;
  bool coerce_2d = false;
};

// Throws Error{model} if there is no such axis.
Shape infer_shape(const Softmax& op, std::span<const Shape> inputs);
template <class S>
void forward(const Softmax& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Softmax& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
