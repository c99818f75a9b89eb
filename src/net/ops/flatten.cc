#include "net/ops/flatten.h"

#include "net/ops/checks.h"
#include "net/ops/copying.h"

namespace faultline::net {

Shape infer_shape(const Flatten& op, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  const int axis = op.axis == x.rank() ? x.rank() : resolve_axis<Flatten>(op.axis, x.rank());
  return {x.elements(0, axis), x.elements(axis, x.rank())};
}

template <class S>
void forward(const Flatten& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  forward_copy(inputs, output);
}

template <class S>
void backward(const Flatten& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  backward_copy(adjoint, input_gradient);
}

FAULTLINE_INSTANTIATE_KERNELS(Flatten);

}  // namespace faultline::net
