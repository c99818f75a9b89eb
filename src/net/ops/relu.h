#pragma once

#include <string_view>

#include "net/ops/kernel.h"
#include "net/scalar.h"

namespace faultline::net {

// y = max(x, 0), any shape. Gate: open where x > 0 (closed at 0).
struct Relu {
  static constexpr std::string_view kName = "Relu";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::elementwise;
};

Shape infer_shape(const Relu& op, std::span<const Shape> inputs);
template <class S>
void forward(const Relu& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Relu& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

template <class S>
S value(const Relu& /*op*/, S x) {
  return real_part(x) > 0 ? x : S{};
}
template <class S>
S slope(const Relu& /*op*/, S x) {
  return real_part(x) > 0 ? S(1) : S{};
}

}  // namespace faultline::net
