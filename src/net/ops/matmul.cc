#include "net/ops/matmul.h"

#include <algorithm>

#include "net/ops/broadcast.h"
#include "net/ops/checks.h"
#include "net/ops/matrix.h"
#include "net/ops/strided.h"

namespace faultline::net {

namespace {

// The product as a broadcast stack of matrix products.
struct Stack {
  Shape batch;  // leading extents of the result
  Shape a_batch;
  Shape b_batch;
  std::int64_t rows, inner, columns;
};

Shape leading(const Shape& shape) {
  return Shape(
      std::span<const std::int64_t>(shape.begin(), static_cast<std::size_t>(std::max(shape.rank() - 2, 0))));
}

Stack stack_of(const Shape& a, const Shape& b) {
  if (a.rank() == 0 || b.rank() == 0) refuse<MatMul>("a scalar, expected vectors or matrices");
  const std::int64_t b_inner = b[b.rank() == 1 ? 0 : -2];
  const auto batch = broadcast(leading(a), leading(b));
  if (a[-1] != b_inner || !batch) {
    refuse<MatMul>("inputs " + a.to_string() + " and " + b.to_string() + " do not fit");
  }
  return {*batch, leading(a), leading(b), a.rank() == 1 ? 1 : a[-2], b_inner, b.rank() == 1 ? 1 : b[-1]};
}

// Calls visit(offset into a, into b, into the result) for every matrix product of the stack.
template <class Visit>
void for_each_product(const Stack& stack, const Visit& visit) {
  for_each_index<2>(
      stack.batch,
      {broadcast_strides(stack.a_batch, stack.batch), broadcast_strides(stack.b_batch, stack.batch)},
      [&](std::int64_t i, const auto& offsets) {
        visit(offsets[0] * stack.rows * stack.inner, offsets[1] * stack.inner * stack.columns,
              i * stack.rows * stack.columns);
      });
}

}  // namespace

Shape infer_shape(const MatMul& /*op*/, std::span<const Shape> inputs) {
  const Stack stack = stack_of(inputs[0], inputs[1]);
  Shape y = stack.batch;
  if (inputs[0].rank() > 1) y.append(stack.rows);
  if (inputs[1].rank() > 1) y.append(stack.columns);
  return y;
}

template <class S>
void forward(const MatMul& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  using Matrix = StridedMatrix<S>;
  const Stack stack = stack_of(inputs[0].shape(), inputs[1].shape());
  std::fill_n(output.data(), output.elements(), S{});
  for_each_product(stack, [&](std::int64_t a, std::int64_t b, std::int64_t y) {
    multiply_add(Matrix::dense(inputs[0].data() + a, stack.rows, stack.inner),
                 Matrix::dense(inputs[1].data() + b, stack.inner, stack.columns), S(1), output.data() + y);
  });
}

template <class S>
void backward(const MatMul& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  using Matrix = StridedMatrix<S>;
  const Stack stack = stack_of(adjoint.inputs[0].shape(), adjoint.inputs[1].shape());
  std::fill_n(input_gradient.data(), input_gradient.elements(), S{});
  for_each_product(stack, [&](std::int64_t a, std::int64_t b, std::int64_t y) {
    const auto dy = Matrix::dense(adjoint.output_gradient.data() + y, stack.rows, stack.columns);
    if (adjoint.input == 0) {
      const auto right = Matrix::dense(adjoint.inputs[1].data() + b, stack.inner, stack.columns);
      multiply_add(dy, right.transposed(), S(1), input_gradient.data() + a);
    } else {
      const auto left = Matrix::dense(adjoint.inputs[0].data() + a, stack.rows, stack.inner);
      multiply_add(left.transposed(), dy, S(1), input_gradient.data() + b);
    }
  });
}

FAULTLINE_INSTANTIATE_KERNELS(MatMul);

}  // namespace faultline::net
