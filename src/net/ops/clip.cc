#include "net/ops/clip.h"

#include "net/ops/elementwise.h"

namespace faultline::net {

Shape infer_shape(const Clip& /*op*/, std::span<const Shape> inputs) {
  return inputs[0];
}

template <class S>
void forward(const Clip& op, Inputs<S> inputs, BasicTensorView<S> output) {
  forward_elementwise(op, inputs, output);
}

template <class S>
void backward(const Clip& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  backward_elementwise(op, adjoint, input_gradient);
}

FAULTLINE_INSTANTIATE_KERNELS(Clip);

}  // namespace faultline::net
