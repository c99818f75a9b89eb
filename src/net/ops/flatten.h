#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// [d0, ..., dn] -> [d0 ... d(axis-1), d(axis) ... dn] (products; 1 for none). Negative axes count from the
// end.
struct Flatten {
  static constexpr std::string_view kName = "Flatten";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  std::int64_t axis = 1;
};

// Throws Error{model} unless -rank <= axis <= rank.
Shape infer_shape(const Flatten& op, std::span<const Shape> inputs);
template <class S>
void forward(const Flatten& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Flatten& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
