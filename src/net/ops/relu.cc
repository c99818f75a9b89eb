#include "net/ops/relu.h"

#include "net/scalar.h"

namespace faultline::net {

Shape infer_shape(const Relu& /*op*/, std::span<const Shape> inputs) {
  return inputs[0];
}

template <class S>
void forward(const Relu& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  for (std::int64_t i = 0; i < output.elements(); ++i) {
    output[i] = real_part(inputs[0][i]) > 0 ? inputs[0][i] : S{};
  }
}

template <class S>
void backward(const Relu& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  for (std::int64_t i = 0; i < input_gradient.elements(); ++i) {
    input_gradient[i] = real_part(adjoint.inputs[0][i]) > 0 ? adjoint.output_gradient[i] : S{};
  }
}

FAULTLINE_INSTANTIATE_KERNELS(Relu);

}  // namespace faultline::net
