#pragma once

#include <string_view>

#include "net/ops/kernel.h"
#include "net/scalar.h"

namespace faultline::net {

// y = x where x > 0, alpha x elsewhere, any shape. At 0 the slope is alpha.
struct LeakyRelu {
  static constexpr std::string_view kName = "LeakyRelu";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::elementwise;
  float alpha = 0.01f;
};

Shape infer_shape(const LeakyRelu& op, std::span<const Shape> inputs);
template <class S>
void forward(const LeakyRelu& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const LeakyRelu& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

template <class S>
S value(const LeakyRelu& op, S x) {
  return real_part(x) > 0 ? x : S(op.alpha) * x;
}
template <class S>
S slope(const LeakyRelu& op, S x) {
  return real_part(x) > 0 ? S(1) : S(op.alpha);
}

}  // namespace faultline::net
