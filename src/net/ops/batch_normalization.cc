#include "net/ops/batch_normalization.h"

#include <cmath>

#include "net/ops/checks.h"

namespace faultline::net {

Shape infer_shape(const BatchNormalization& /*op*/, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  if (x.rank() < 2) refuse<BatchNormalization>("input " + x.to_string() + ", expected [N, C, ...]");
  for (const Shape& parameter : inputs.subspan(1)) {
    if (parameter.rank() != 1 || parameter[0] != x[1]) {
      refuse<BatchNormalization>("parameter " + parameter.to_string() + " for input " + x.to_string() +
                                 ", expected one value a channel");
    }
  }
  return x;
}

template <class S>
void forward(const BatchNormalization& op, Inputs<S> inputs, BasicTensorView<S> output) {
  const Shape& shape = output.shape();
  const std::int64_t plane = shape.elements(2, shape.rank());
  for (std::int64_t row = 0; row < shape[0] * shape[1]; ++row) {
    const std::int64_t c = row % shape[1];
    const S factor = inputs[1][c] / std::sqrt(inputs[4][c] + S(op.epsilon));
    for (std::int64_t i = row * plane; i < (row + 1) * plane; ++i) {
      output[i] = (inputs[0][i] - inputs[3][c]) * factor + inputs[2][c];
    }
  }
}

template <class S>
void backward(const BatchNormalization& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  require(adjoint.input == 0,
          "[BatchNormalization] backward: only the gradient of the image side is defined");
  const Shape& shape = input_gradient.shape();
  const std::int64_t plane = shape.elements(2, shape.rank());
  for (std::int64_t row = 0; row < shape[0] * shape[1]; ++row) {
    const std::int64_t c = row % shape[1];
    const S factor = adjoint.inputs[1][c] / std::sqrt(adjoint.inputs[4][c] + S(op.epsilon));
    for (std::int64_t i = row * plane; i < (row + 1) * plane; ++i)
      input_gradient[i] = adjoint.output_gradient[i] * factor;
  }
}

FAULTLINE_INSTANTIATE_KERNELS(BatchNormalization);

}  // namespace faultline::net
