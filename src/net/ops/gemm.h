#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// y = alpha A B + beta C, as ONNX Gemm: inputs A [M,K] (transpose_a: [K,M]), B [K,N] (transpose_b: [N,K]),
// optional C, broadcast to [M,N] -> y [M,N].
struct Gemm {
  static constexpr std::string_view kName = "Gemm";
  static constexpr InputCount kInputs{.least = 2, .most = 3, .variable = 3};
  static constexpr Response kResponse = Response::product;
  float alpha = 1;
  float beta = 1;
  bool transpose_a = false;
  bool transpose_b = false;
};

// Throws Error{model} if the matrices do not fit or C cannot be broadcast.
Shape infer_shape(const Gemm& op, std::span<const Shape> inputs);
template <class S>
void forward(const Gemm& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Gemm& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
