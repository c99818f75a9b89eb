#include "net/ops/tanh.h"

#include "net/ops/elementwise.h"

namespace faultline::net {

Shape infer_shape(const Tanh& /*op*/, std::span<const Shape> inputs) {
  return inputs[0];
}

template <class S>
void forward(const Tanh& op, Inputs<S> inputs, BasicTensorView<S> output) {
  forward_elementwise(op, inputs, output);
}

template <class S>
void backward(const Tanh& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  backward_elementwise(op, adjoint, input_gradient);
}

FAULTLINE_INSTANTIATE_KERNELS(Tanh);

}  // namespace faultline::net
