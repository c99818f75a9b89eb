#include "net/ops/concat.h"

#include <algorithm>

#include "net/ops/checks.h"

namespace faultline::net {

Shape infer_shape(const Concat& op, std::span<const Shape> inputs) {
  Shape y = inputs[0];
  const int axis = resolve_axis<Concat>(op.axis, y.rank());
  for (const Shape& x : inputs.subspan(1)) {
    bool fits = x.rank() == y.rank();
    for (int other = 0; fits && other < y.rank(); ++other) fits = other == axis || x[other] == y[other];
    if (!fits) {
      refuse<Concat>("input " + x.to_string() + " beside " + inputs[0].to_string() +
                     " does not fit along axis " + std::to_string(axis));
    }
    y[axis] += x[axis];
  }
  return y;
}

template <class S>
void forward(const Concat& op, Inputs<S> inputs, BasicTensorView<S> output) {
  const Shape& y = output.shape();
  const int axis = resolve_axis<Concat>(op.axis, y.rank());
  const std::int64_t run = y.elements(axis, y.rank());
  std::int64_t begin = 0;
  for (const auto& x : inputs) {
    const std::int64_t part = x.shape().elements(axis, y.rank());
    for (std::int64_t outer = 0; outer < y.elements(0, axis); ++outer) {
      std::copy_n(x.data() + outer * part, part, output.data() + outer * run + begin);
    }
    begin += part;
  }
}

template <class S>
void backward(const Concat& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  const Shape& y = adjoint.output_gradient.shape();
  const int axis = resolve_axis<Concat>(op.axis, y.rank());
  const std::int64_t run = y.elements(axis, y.rank());
  const std::int64_t part = input_gradient.shape().elements(axis, y.rank());
  std::int64_t begin = 0;
  for (const auto& x : adjoint.inputs.first(adjoint.input)) begin += x.shape().elements(axis, y.rank());
  for (std::int64_t outer = 0; outer < y.elements(0, axis); ++outer) {
    std::copy_n(adjoint.output_gradient.data() + outer * run + begin, part,
                input_gradient.data() + outer * part);
  }
}

FAULTLINE_INSTANTIATE_KERNELS(Concat);

}  // namespace faultline::net
