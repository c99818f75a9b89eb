#include "net/ops/gemm.h"

#include <algorithm>

#include "net/ops/broadcast.h"
#include "net/ops/checks.h"
#include "net/ops/matrix.h"
#include "net/ops/strided.h"

namespace faultline::net {

namespace {

template <class S>
StridedMatrix<S> matrix_of(BasicTensorView<const S> tensor, bool transposed = false) {
  const auto matrix = StridedMatrix<S>::dense(tensor.data(), tensor.shape()[0], tensor.shape()[1]);
  return transposed ? matrix.transposed() : matrix;
}

}  // namespace

Shape infer_shape(const Gemm& op, std::span<const Shape> inputs) {
  const Shape& a = inputs[0];
  const Shape& b = inputs[1];
  const bool fits = a.rank() == 2 && b.rank() == 2 && a[op.transpose_a ? 0 : 1] == b[op.transpose_b ? 1 : 0];
  if (!fits) refuse<Gemm>("matrices " + a.to_string() + " and " + b.to_string() + " do not fit");
  const Shape y{a[op.transpose_a ? 1 : 0], b[op.transpose_b ? 0 : 1]};
  if (inputs.size() > 2 && broadcast(inputs[2], y) != y) {
    refuse<Gemm>("C " + inputs[2].to_string() + " cannot be broadcast to " + y.to_string());
  }
  return y;
}

template <class S>
void forward(const Gemm& op, Inputs<S> inputs, BasicTensorView<S> output) {
  std::fill_n(output.data(), output.elements(), S{});
  if (inputs.size() > 2) {
    for_each_index<1>(
        output.shape(), {broadcast_strides(inputs[2].shape(), output.shape())},
        [&](std::int64_t i, const auto& offsets) { output[i] = S(op.beta) * inputs[2][offsets[0]]; });
  }
  multiply_add(matrix_of(inputs[0], op.transpose_a), matrix_of(inputs[1], op.transpose_b), S(op.alpha),
               output.data());
}

template <class S>
void backward(const Gemm& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  std::fill_n(input_gradient.data(), input_gradient.elements(), S{});
  const auto dy = matrix_of(adjoint.output_gradient);
  if (adjoint.input == 2) {
    for_each_index<1>(adjoint.output_gradient.shape(),
                      {broadcast_strides(input_gradient.shape(), adjoint.output_gradient.shape())},
                      [&](std::int64_t i, const auto& offsets) {
                        input_gradient[offsets[0]] += S(op.beta) * adjoint.output_gradient[i];
                      });
    return;
  }
  // With A and B as they enter the product: dA = dy B^T, dB = A^T dy; an input that was transposed gets the
  // transposed product.
  const auto a = matrix_of(adjoint.inputs[0], op.transpose_a);
  const auto b = matrix_of(adjoint.inputs[1], op.transpose_b);
  const bool transposed = adjoint.input == 0 ? op.transpose_a : op.transpose_b;
  const auto left = adjoint.input == 0 ? dy : a.transposed();
  const auto right = adjoint.input == 0 ? b.transposed() : dy;
  if (transposed) {
    multiply_add(right.transposed(), left.transposed(), S(op.alpha), input_gradient.data());
  } else {
    multiply_add(left, right, S(op.alpha), input_gradient.data());
  }
}

FAULTLINE_INSTANTIATE_KERNELS(Gemm);

}  // namespace faultline::net
