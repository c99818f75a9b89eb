#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// Matrix product as numpy.matmul: [..., M, K] x [..., K, N] -> [..., M, N], the leading axes broadcast. A
// vector on the left is a row [1,K], on the right a column [K,1], and the axis added is dropped from the
// result.
struct MatMul {
  static constexpr std::string_view kName = "MatMul";
  static constexpr InputCount kInputs{.least = 2, .most = 2, .variable = 2};
  static constexpr Response kResponse = Response::product;
};

// Throws Error{model} if an input is a scalar or the extents do not fit.
Shape infer_shape(const MatMul& op, std::span<const Shape> inputs);
template <class S>
void forward(const MatMul& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const MatMul& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
