#pragma once

#include <string>
#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// y = x: Identity, and what is one at inference (Dropout, Cast to a floating-point type).
struct Identity {
  static constexpr std::string_view kName = "Identity";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  std::string origin = "Identity";  // the model's own operator, for messages

  std::string_view name() const { return origin; }
};

Shape infer_shape(const Identity& op, std::span<const Shape> inputs);
template <class S>
void forward(const Identity& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Identity& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
