#pragma once

#include <string_view>
#include <vector>

#include "net/ops/kernel.h"

namespace faultline::net {

// Drops the named axes of extent 1 (negative: from the end); an empty list drops all of extent 1.
struct Squeeze {
  static constexpr std::string_view kName = "Squeeze";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  std::vector<std::int64_t> axes = {};
};

// Throws Error{model} if an axis is named twice, does not exist or has another extent.
Shape infer_shape(const Squeeze& op, std::span<const Shape> inputs);
template <class S>
void forward(const Squeeze& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Squeeze& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
