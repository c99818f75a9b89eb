#pragma once

#include <cmath>
#include <string_view>

#include "net/ops/kernel.h"
#include "net/ops/sigmoid.h"

namespace faultline::net {

// y = tanh(x), any shape.
struct Tanh {
  static constexpr std::string_view kName = "Tanh";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::elementwise;
};

Shape infer_shape(const Tanh& op, std::span<const Shape> inputs);
template <class S>
void forward(const Tanh& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Tanh& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

template <class S>
S value(const Tanh& /*op*/, S x) {
  return std::tanh(x);
}
// 1 - y^2 = 4 sigmoid(2x) sigmoid(-2x), without cancellation where |y| is close to 1.
template <class S>
S slope(const Tanh& /*op*/, S x) {
  return S(4) * slope(Sigmoid{}, S(2) * x);
}

}  // namespace faultline::net
