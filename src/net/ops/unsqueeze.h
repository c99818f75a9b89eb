#pragma once

#include <string_view>
#include <vector>

#include "net/ops/kernel.h"

namespace faultline::net {

// Inserts axes of extent 1 that have the given indices in the result (negative: from its end).
struct Unsqueeze {
  static constexpr std::string_view kName = "Unsqueeze";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  std::vector<std::int64_t> axes;
};

// Throws Error{model} if an axis is named twice or is not one of the result, or the rank exceeds 8.
Shape infer_shape(const Unsqueeze& op, std::span<const Shape> inputs);
template <class S>
void forward(const Unsqueeze& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Unsqueeze& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
