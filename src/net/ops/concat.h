#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// The inputs one behind the other along `axis` (negative: from the end).
struct Concat {
  static constexpr std::string_view kName = "Concat";
  static constexpr InputCount kInputs{.least = 1, .most = kAnyNumber, .variable = kAnyNumber};
  static constexpr Response kResponse = Response::affine;
  std::int64_t axis = 1;
};

// Throws Error{model} if ranks differ, another extent differs or there is no such axis.
Shape infer_shape(const Concat& op, std::span<const Shape> inputs);
template <class S>
void forward(const Concat& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Concat& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
