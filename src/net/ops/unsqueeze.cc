#include "net/ops/unsqueeze.h"

#include <array>

#include "net/ops/checks.h"
#include "net/ops/copying.h"

namespace faultline::net {

Shape infer_shape(const Unsqueeze& op, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  const std::size_t rank = static_cast<std::size_t>(x.rank()) + op.axes.size();
  if (rank > Shape::kMaxRank)
    refuse<Unsqueeze>("result of rank " + std::to_string(rank) + ", expected at most 8");
  std::array<bool, Shape::kMaxRank> inserted{};
  for (const std::int64_t named : op.axes) {
    bool& insert = inserted[static_cast<std::size_t>(resolve_axis<Unsqueeze>(named, static_cast<int>(rank)))];
    if (insert) refuse<Unsqueeze>("axis " + std::to_string(named) + " is named twice");
    insert = true;
  }
  Shape y;
  int next = 0;
  for (std::size_t axis = 0; axis < rank; ++axis) y.append(inserted[axis] ? 1 : x[next++]);
  return y;
}

template <class S>
void forward(const Unsqueeze& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  forward_copy(inputs, output);
}

template <class S>
void backward(const Unsqueeze& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  backward_copy(adjoint, input_gradient);
}

FAULTLINE_INSTANTIATE_KERNELS(Unsqueeze);

}  // namespace faultline::net
