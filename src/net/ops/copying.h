#pragma once

#include <algorithm>

#include "net/ops/kernel.h"

namespace faultline::net {

// Kernels of the operators that change the shape but neither the values nor their order.
template <class S>
void forward_copy(Inputs<S> inputs, BasicTensorView<S> output) {
  std::copy_n(inputs[0].data(), output.elements(), output.data());
}

template <class S>
void backward_copy(const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  std::copy_n(adjoint.output_gradient.data(), input_gradient.elements(), input_gradient.data());
}

}  // namespace faultline::net
