#include "net/ops/reshape.h"

#include "net/ops/checks.h"
#include "net/ops/copying.h"

namespace faultline::net {

namespace {

std::string list(const std::vector<std::int64_t>& values) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(values[i]);
  return text + "]";
}

[[noreturn]] void refuse_dims(const Reshape& op, const Shape& x) {
  refuse<Reshape>("input " + x.to_string() + " does not fit the dims " + list(op.dims));
}

// The extent that dims[i] asks for; the one inferred counts as 1.
std::int64_t asked_extent(const Reshape& op, const Shape& x, int i) {
  const std::int64_t dim = op.dims[static_cast<std::size_t>(i)];
  if (dim < -1 || dim >= kElementLimit) refuse_dims(op, x);
  if (dim != 0 || op.allow_zero) return dim == -1 ? 1 : dim;
  if (i >= x.rank()) refuse_dims(op, x);
  return x[i];
}

}  // namespace

Shape infer_shape(const Reshape& op, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  if (op.dims.size() > Shape::kMaxRank) refuse_dims(op, x);
  Shape y;
  int inferred = -1;
  std::int64_t known = 1;
  for (int i = 0; i < static_cast<int>(op.dims.size()); ++i) {
    y.append(asked_extent(op, x, i));
    known *= y[i];
    if (known >= kElementLimit) refuse_dims(op, x);
    if (op.dims[static_cast<std::size_t>(i)] != -1) continue;
    if (inferred >= 0) refuse_dims(op, x);
    inferred = i;
  }
  if (inferred >= 0) {
    if (known == 0 || x.elements() % known != 0) refuse_dims(op, x);
    y[inferred] = x.elements() / known;
  }
  if (y.elements() != x.elements()) refuse_dims(op, x);
  return y;
}

template <class S>
void forward(const Reshape& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  forward_copy(inputs, output);
}

template <class S>
void backward(const Reshape& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  backward_copy(adjoint, input_gradient);
}

FAULTLINE_INSTANTIATE_KERNELS(Reshape);

}  // namespace faultline::net
