#pragma once

#include <string_view>
#include <vector>

#include "net/ops/kernel.h"

namespace faultline::net {

// The same values under another shape, as ONNX Reshape: 0 copies the input's extent at that place (with
// allow_zero it is an extent of 0), one -1 is whatever is left.
struct Reshape {
  static constexpr std::string_view kName = "Reshape";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  std::vector<std::int64_t> dims;
  bool allow_zero = false;
};

// Throws Error{model} if the number of elements differs or the dims make no shape.
Shape infer_shape(const Reshape& op, std::span<const Shape> inputs);
template <class S>
void forward(const Reshape& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Reshape& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
