#include "net/operator.h"

#include <type_traits>

#include "base/error.h"

namespace faultline::net {

namespace {

template <class Op>
inline constexpr bool is_leaf = std::is_same_v<Op, Input> || std::is_same_v<Op, Constant>;

// Calls `call` with the operator unless it is a leaf, which computes nothing.
template <class Call>
auto with_kernels(const Operator& op, const Call& call) {
  return std::visit(
      [&]<class Op>(const Op& concrete) -> decltype(call(Relu{})) {
        if constexpr (is_leaf<Op>) {
          throw ContractError("Input and Constant have no kernels");
        } else {
          return call(concrete);
        }
      },
      op);
}

}  // namespace

std::string_view operator_name(const Operator& op) {
  return std::visit([]<class Op>(const Op&) { return Op::kName; }, op);
}

Shape infer_shape(const Operator& op, std::span<const Shape> inputs) {
  return with_kernels(op, [&](const auto& concrete) { return infer_shape(concrete, inputs); });
}

template <class S>
void forward(const Operator& op, Inputs<S> inputs, BasicTensorView<S> output) {
  with_kernels(op, [&](const auto& concrete) { forward(concrete, inputs, output); });
}

template <class S>
void backward(const Operator& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  with_kernels(op, [&](const auto& concrete) { backward(concrete, adjoint, input_gradient); });
}

FAULTLINE_INSTANTIATE_KERNELS(Operator);

}  // namespace faultline::net
