#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// y = max(x, 0), any shape. Gate: open where x > 0 (closed at 0).
struct Relu {
  static constexpr std::string_view kName = "Relu";
};

Shape infer_shape(const Relu& op, std::span<const Shape> inputs);
template <class S>
void forward(const Relu& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Relu& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
