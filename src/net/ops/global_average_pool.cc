#include "net/ops/global_average_pool.h"

#include <algorithm>

#include "net/ops/checks.h"
#include "net/scalar.h"

namespace faultline::net {

Shape infer_shape(const GlobalAveragePool& /*op*/, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  if (x.rank() < 3 || x.elements(2, x.rank()) == 0) {
    refuse<GlobalAveragePool>("input " + x.to_string() + ", expected [N, C, and at least one position]");
  }
  Shape y{x[0], x[1]};
  for (int axis = 2; axis < x.rank(); ++axis) y.append(1);
  return y;
}

template <class S>
void forward(const GlobalAveragePool& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  const Shape& x = inputs[0].shape();
  const std::int64_t plane = x.elements(2, x.rank());
  for (std::int64_t row = 0; row < output.elements(); ++row) {
    S sum{};
    for (std::int64_t i = row * plane; i < (row + 1) * plane; ++i) sum += inputs[0][i];
    output[row] = sum / to_scalar<S>(plane);
  }
}

template <class S>
void backward(const GlobalAveragePool& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  const Shape& x = input_gradient.shape();
  const std::int64_t plane = x.elements(2, x.rank());
  for (std::int64_t row = 0; row < adjoint.output_gradient.elements(); ++row) {
    std::fill_n(input_gradient.data() + row * plane, plane,
                adjoint.output_gradient[row] / to_scalar<S>(plane));
  }
}

FAULTLINE_INSTANTIATE_KERNELS(GlobalAveragePool);

}  // namespace faultline::net
