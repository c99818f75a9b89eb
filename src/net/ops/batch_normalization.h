#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// Batch normalisation with fixed statistics, as ONNX BatchNormalization at inference:
//   y[n,c,...] = scale[c] (x[n,c,...] - mean[c]) / sqrt(var[c] + epsilon) + bias[c]
//   inputs x [N,C,...], scale, bias, mean, var [C] each (in this order) -> y like x.
struct BatchNormalization {
  static constexpr std::string_view kName = "BatchNormalization";
  static constexpr InputCount kInputs{.least = 5, .most = 5, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  float epsilon = 1e-5f;
};

// Throws Error{model} if x has no channels or a parameter is not [C].
Shape infer_shape(const BatchNormalization& op, std::span<const Shape> inputs);
template <class S>
void forward(const BatchNormalization& op, Inputs<S> inputs, BasicTensorView<S> output);
// Only for input 0. Throws ContractError for the others.
template <class S>
void backward(const BatchNormalization& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
