#include "net/ops/transpose.h"

#include <array>

#include "net/ops/checks.h"
#include "net/ops/strided.h"

namespace faultline::net {

namespace {

int source_axis(const Transpose& op, int axis, int rank) {
  return op.perm.empty() ? rank - 1 - axis : static_cast<int>(op.perm[static_cast<std::size_t>(axis)]);
}

// Strides that walk through x in y's order.
Strides source_strides(const Transpose& op, const Shape& x) {
  const Strides dense = dense_strides(x);
  Strides strides{};
  for (int axis = 0; axis < x.rank(); ++axis) {
    strides[static_cast<std::size_t>(axis)] =
        dense[static_cast<std::size_t>(source_axis(op, axis, x.rank()))];
  }
  return strides;
}

}  // namespace

Shape infer_shape(const Transpose& op, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  std::array<bool, Shape::kMaxRank> used{};
  bool fits = op.perm.empty() || op.perm.size() == static_cast<std::size_t>(x.rank());
  for (std::size_t i = 0; fits && i < op.perm.size(); ++i) {
    const std::int64_t axis = op.perm[i];
    fits = axis >= 0 && axis < x.rank() && !used[static_cast<std::size_t>(axis)];
    if (fits) used[static_cast<std::size_t>(axis)] = true;
  }
  if (!fits) refuse<Transpose>("perm is no permutation of the axes of input " + x.to_string());
  Shape y;
  for (int axis = 0; axis < x.rank(); ++axis) y.append(x[source_axis(op, axis, x.rank())]);
  return y;
}

template <class S>
void forward(const Transpose& op, Inputs<S> inputs, BasicTensorView<S> output) {
  for_each_index<1>(output.shape(), {source_strides(op, inputs[0].shape())},
                    [&](std::int64_t i, const auto& offsets) { output[i] = inputs[0][offsets[0]]; });
}

template <class S>
void backward(const Transpose& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  for_each_index<1>(
      adjoint.output_gradient.shape(), {source_strides(op, input_gradient.shape())},
      [&](std::int64_t i, const auto& offsets) { input_gradient[offsets[0]] = adjoint.output_gradient[i]; });
}

FAULTLINE_INSTANTIATE_KERNELS(Transpose);

}  // namespace faultline::net
