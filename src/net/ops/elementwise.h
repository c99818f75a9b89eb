#pragma once

#include "net/ops/kernel.h"

namespace faultline::net {

// Kernels of the operators whose header gives value(op, x) and slope(op, x).
template <class Op, class S>
void forward_elementwise(const Op& op, Inputs<S> inputs, BasicTensorView<S> output) {
  for (std::int64_t i = 0; i < output.elements(); ++i) output[i] = value(op, inputs[0][i]);
}

template <class Op, class S>
void backward_elementwise(const Op& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  for (std::int64_t i = 0; i < input_gradient.elements(); ++i) {
    input_gradient[i] = adjoint.output_gradient[i] * slope(op, adjoint.inputs[0][i]);
  }
}

}  // namespace faultline::net
