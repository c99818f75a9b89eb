#pragma once

#include <cmath>
#include <string_view>

#include "net/ops/kernel.h"
#include "net/scalar.h"

namespace faultline::net {

// y = 1 / (1 + exp(-x)), any shape.
struct Sigmoid {
  static constexpr std::string_view kName = "Sigmoid";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::elementwise;
};

Shape infer_shape(const Sigmoid& op, std::span<const Shape> inputs);
template <class S>
void forward(const Sigmoid& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Sigmoid& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

template <class S>
S value(const Sigmoid& /*op*/, S x) {
  // The exponent is never positive, so that nothing overflows.
  if (real_part(x) >= 0) return S(1) / (S(1) + std::exp(-x));
  const S e = std::exp(x);
  return e / (S(1) + e);
}
// y (1 - y), without cancellation where y is close to 1.
template <class S>
S slope(const Sigmoid& op, S x) {
  return value(op, x) * value(op, -x);
}

}  // namespace faultline::net
