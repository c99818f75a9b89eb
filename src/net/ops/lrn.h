#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// Local response normalisation across channels, as ONNX LRN:
//   y[n,c,...] = x[n,c,...] / (bias + alpha/size sum_k x[n,k,...]^2)^beta,
//   k from max(0, c - floor((size-1)/2)) to min(C-1, c + ceil((size-1)/2)); x [N,C,...].
struct Lrn {
  static constexpr std::string_view kName = "Lrn";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::general;
  std::int64_t size = 1;
  float alpha = 1e-4f;
  float beta = 0.75f;
  float bias = 1;
};

// Throws Error{model} if size is not positive or x has no channels.
Shape infer_shape(const Lrn& op, std::span<const Shape> inputs);
template <class S>
void forward(const Lrn& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Lrn& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
