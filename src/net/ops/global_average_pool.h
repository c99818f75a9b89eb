#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// y[n,c,0,0] = mean over all positions of x[n,c,:,:]; any number of spatial axes: [N,C,...] -> [N,C,1,...].
struct GlobalAveragePool {
  static constexpr std::string_view kName = "GlobalAveragePool";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
};

// Throws Error{model} if x has no spatial axis or no position.
Shape infer_shape(const GlobalAveragePool& op, std::span<const Shape> inputs);
template <class S>
void forward(const GlobalAveragePool& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const GlobalAveragePool& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
