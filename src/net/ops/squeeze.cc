#include "net/ops/squeeze.h"

#include <array>

#include "net/ops/checks.h"
#include "net/ops/copying.h"

namespace faultline::net {

Shape infer_shape(const Squeeze& op, std::span<const Shape> inputs) {
  const Shape& x = inputs[0];
  std::array<bool, Shape::kMaxRank> dropped{};
  for (const std::int64_t named : op.axes) {
    const int axis = resolve_axis<Squeeze>(named, x.rank());
    bool& drop = dropped[static_cast<std::size_t>(axis)];
    if (drop || x[axis] != 1) {
      refuse<Squeeze>("axis " + std::to_string(named) + " of input " + x.to_string() +
                      ", expected extent 1 and to be named once");
    }
    drop = true;
  }
  Shape y;
  for (int axis = 0; axis < x.rank(); ++axis) {
    const bool drop = op.axes.empty() ? x[axis] == 1 : dropped[static_cast<std::size_t>(axis)];
    if (!drop) y.append(x[axis]);
  }
  return y;
}

template <class S>
void forward(const Squeeze& /*op*/, Inputs<S> inputs, BasicTensorView<S> output) {
  forward_copy(inputs, output);
}

template <class S>
void backward(const Squeeze& /*op*/, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  backward_copy(adjoint, input_gradient);
}

FAULTLINE_INSTANTIATE_KERNELS(Squeeze);

}  // namespace faultline::net
