#include "net/ops/identity.h"

#include "net/ops/copying.h"

namespace faultline::net {

Shape infer_shape(const Identity& /*op*/, std::span<const Shape> inputs) {
  return inputs[0];
}

template <class S>
void forward(const Identity& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  forward_copy(inputs, output);
}

template <class S>
void backward(const Identity& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  backward_copy(adjoint, input_gradient);
}

FAULTLINE_INSTANTIATE_KERNELS(Identity);

}  // namespace faultline::net
