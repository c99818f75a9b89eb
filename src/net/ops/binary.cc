#include "net/ops/binary.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/error.h"
#include "net/ops/broadcast.h"
#include "net/ops/strided.h"

namespace faultline::net {

namespace {

template <class S>
S apply(Binary::Kind kind, S a, S b) {
  switch (kind) {
    case Binary::Kind::add:
      return a + b;
    case Binary::Kind::sub:
      return a - b;
    case Binary::Kind::mul:
      return a * b;
    case Binary::Kind::div:
      return a / b;
  }
  throw ContractError("[Binary] no such kind");
}

// The derivative by the first (0) or second (1) operand.
template <class S>
S slope(Binary::Kind kind, S a, S b, std::size_t operand) {
  switch (kind) {
    case Binary::Kind::add:
      return S(1);
    case Binary::Kind::sub:
      return operand == 0 ? S(1) : S(-1);
    case Binary::Kind::mul:
      return operand == 0 ? b : a;
    case Binary::Kind::div:
      return operand == 0 ? S(1) / b : -a / (b * b);
  }
  throw ContractError("[Binary] no such kind");
}

// Calls visit(output index, index into the first operand, index into the second).
template <class S, class Visit>
void for_each_pair(Inputs<S> inputs, const Shape& output, const Visit& visit) {
  for_each_index<2>(
      output, {broadcast_strides(inputs[0].shape(), output), broadcast_strides(inputs[1].shape(), output)},
      [&](std::int64_t i, const auto& offsets) { visit(i, offsets[0], offsets[1]); });
}

}  // namespace

std::string_view Binary::name() const {
  constexpr std::array<std::string_view, 4> kNames = {"Add", "Sub", "Mul", "Div"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Shape infer_shape(const Binary& op, std::span<const Shape> inputs) {
  const auto shape = broadcast(inputs[0], inputs[1]);
  if (!shape) {
    throw Error(ErrorKind::model, "[" + std::string(op.name()) + "] inputs " + inputs[0].to_string() +
                                      " and " + inputs[1].to_string() + " cannot be broadcast");
  }
  return *shape;
}

template <class S>
void forward(const Binary& op, Inputs<S> inputs, BasicTensorView<S> output) {
  for_each_pair<S>(inputs, output.shape(), [&](std::int64_t i, std::int64_t a, std::int64_t b) {
    output[i] = apply(op.kind, inputs[0][a], inputs[1][b]);
  });
}

template <class S>
void backward(const Binary& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient) {
  std::fill_n(input_gradient.data(), input_gradient.elements(), S{});
  for_each_pair<S>(adjoint.inputs, adjoint.output_gradient.shape(),
                   [&](std::int64_t i, std::int64_t a, std::int64_t b) {
                     input_gradient[adjoint.input == 0 ? a : b] +=
                         adjoint.output_gradient[i] *
                         slope(op.kind, adjoint.inputs[0][a], adjoint.inputs[1][b], adjoint.input);
                   });
}

FAULTLINE_INSTANTIATE_KERNELS(Binary);

}  // namespace faultline::net
