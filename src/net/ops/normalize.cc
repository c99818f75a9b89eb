#include "net/ops/normalize.h"

#include "base/error.h"

namespace faultline::net {

Shape infer_shape(const Normalize& /*op*/, std::span<const Shape> inputs) {
  if (inputs[0].rank() != 4 || inputs[0][1] != 3) {
    throw Error(ErrorKind::model, "[Normalize] input " + inputs[0].to_string() + ", expected [N, 3, h, w]");
  }
  return inputs[0];
}

template <class S>
void forward(const Normalize& op, Inputs<S> inputs, BasicTensorView<S> output) {
  const std::int64_t plane = output.shape().elements(2, 4);
  for (std::int64_t n = 0; n < output.shape()[0]; ++n) {
    for (std::size_t c = 0; c < 3; ++c) {
      const S* x = inputs[0].data() + (n * 3 + op.source[c]) * plane;
      S* y = output.data() + (n * 3 + static_cast<std::int64_t>(c)) * plane;
      for (std::int64_t i = 0; i < plane; ++i) y[i] = (S(op.scale) * x[i] - S(op.mean[c])) / S(op.std[c]);
    }
  }
}

template <class S>
void backward(const Normalize& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  const std::int64_t plane = input_gradient.shape().elements(2, 4);
  for (std::int64_t n = 0; n < input_gradient.shape()[0]; ++n) {
    for (std::size_t c = 0; c < 3; ++c) {
      const S* dy = adjoint.output_gradient.data() + (n * 3 + static_cast<std::int64_t>(c)) * plane;
      S* dx = input_gradient.data() + (n * 3 + op.source[c]) * plane;
      for (std::int64_t i = 0; i < plane; ++i) dx[i] = dy[i] * (S(op.scale) / S(op.std[c]));
    }
  }
}

FAULTLINE_INSTANTIATE_KERNELS(Normalize);

}  // namespace faultline::net
