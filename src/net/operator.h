#pragma once

#include <string_view>
#include <variant>

#include "net/ops/constant.h"
#include "net/ops/conv.h"
#include "net/ops/input.h"
#include "net/ops/normalize.h"
#include "net/ops/relu.h"

namespace faultline::net {

// Every operator that faultline knows: adding one is adding a line here (and its file).
using Operator = std::variant<Input, Constant, Normalize, Conv, Relu>;

std::string_view operator_name(const Operator& op);

// The kernels of ops/kernel.h for whichever operator it is. Input and Constant have none: ContractError.
Shape infer_shape(const Operator& op, std::span<const Shape> inputs);
template <class S>
void forward(const Operator& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Operator& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
