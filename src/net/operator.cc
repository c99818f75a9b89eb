#include "net/operator.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "base/error.h"

namespace faultline::net {

namespace {

template <class Op>
inline constexpr bool is_leaf = std::is_same_v<Op, Input> || std::is_same_v<Op, Constant>;

// Calls `call` with the operator unless it is a leaf, which computes nothing.
template <class Call>
auto with_kernels(const Operator& op, const Call& call) {
  using Result = std::invoke_result_t<const Call&, const Relu&>;
  return std::visit(
      [&]<class Op>(const Op& concrete) -> Result {
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
  return std::visit(
      [](const auto& concrete) -> std::string_view {
        if constexpr (requires { concrete.name(); }) {
          return concrete.name();
        } else {
          return concrete.kName;
        }
      },
      op);
}

InputCount input_count(const Operator& op) {
  return std::visit([](const auto& concrete) { return concrete.kInputs; }, op);
}

Response response(const Operator& op) {
  return std::visit(
      [](const auto& concrete) {
        if constexpr (requires { concrete.response(); }) {
          return concrete.response();
        } else {
          return concrete.kResponse;
        }
      },
      op);
}

bool is_pooling(const Operator& op) {
  return std::holds_alternative<MaxPool>(op) || std::holds_alternative<AveragePool>(op) ||
         std::holds_alternative<GlobalAveragePool>(op);
}

void check_size(std::string_view op, const Shape& shape) {
  std::int64_t elements = 1;
  for (const std::int64_t extent : shape) {
    // Both factors are below 2^31, so the product fits.
    elements = extent >= kElementLimit ? kElementLimit : elements * std::max<std::int64_t>(extent, 1);
    if (elements >= kElementLimit) {
      throw Error(ErrorKind::model, "[" + std::string(op) + "] a value of shape " + shape.to_string() +
                                        ", expected less than 2^31 elements");
    }
  }
}

Shape infer_shape(const Operator& op, std::span<const Shape> inputs) {
  const InputCount count = input_count(op);
  const auto given = static_cast<int>(std::min<std::size_t>(inputs.size(), kAnyNumber + 1));
  if (given < count.least || given > count.most) {
    throw Error(ErrorKind::model, "[" + std::string(operator_name(op)) + "] " +
                                      std::to_string(inputs.size()) + " inputs, expected " +
                                      std::to_string(count.least) + " to " + std::to_string(count.most));
  }
  const Shape shape = with_kernels(op, [&](const auto& concrete) { return infer_shape(concrete, inputs); });
  check_size(operator_name(op), shape);
  return shape;
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
