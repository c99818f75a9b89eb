#include "net/ops/softmax.h"

#include <algorithm>
#include <cmath>

#include "net/ops/checks.h"
#include "net/scalar.h"

namespace faultline::net {

namespace {

// Calls visit(index of the first element, step, count) for every group of values that sums to 1.
template <class Visit>
void for_each_group(const Softmax& op, const Shape& shape, const Visit& visit) {
  const int axis = resolve_axis<Softmax>(op.axis, shape.rank());
  const std::int64_t count = op.coerce_2d ? shape.elements(axis, shape.rank()) : shape[axis];
  const std::int64_t inner = op.coerce_2d ? 1 : shape.elements(axis + 1, shape.rank());
  for (std::int64_t outer = 0; outer < shape.elements(0, axis); ++outer) {
    for (std::int64_t i = 0; i < inner; ++i) visit(outer * count * inner + i, inner, count);
  }
}

}  // namespace

Shape infer_shape(const Softmax& op, std::span<const Shape> inputs) {
  resolve_axis<Softmax>(op.axis, inputs[0].rank());
  return inputs[0];
}

template <class S>
void forward(const Softmax& op, Inputs<S> inputs, BasicTensorView<S> output) {
  if (output.elements() == 0) return;
  for_each_group(op, output.shape(), [&](std::int64_t first, std::int64_t step, std::int64_t count) {
    auto highest = real_part(inputs[0][first]);
    for (std::int64_t k = 1; k < count; ++k)
      highest = std::max(highest, real_part(inputs[0][first + k * step]));
    S sum{};
    for (std::int64_t k = 0; k < count; ++k) {
      const std::int64_t i = first + k * step;
      output[i] = std::exp(inputs[0][i] - highest);
      sum += output[i];
    }
    for (std::int64_t k = 0; k < count; ++k) output[first + k * step] /= sum;
  });
}

template <class S>
void backward(const Softmax& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  for_each_group(op, input_gradient.shape(), [&](std::int64_t first, std::int64_t step, std::int64_t count) {
    S mean{};
    for (std::int64_t k = 0; k < count; ++k) {
      mean += adjoint.output[first + k * step] * adjoint.output_gradient[first + k * step];
    }
    for (std::int64_t k = 0; k < count; ++k) {
      const std::int64_t i = first + k * step;
      input_gradient[i] = adjoint.output[i] * (adjoint.output_gradient[i] - mean);
    }
  });
}

FAULTLINE_INSTANTIATE_KERNELS(Softmax);

}  // namespace faultline::net
