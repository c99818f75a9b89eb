#pragma once

#include <string_view>
#include <vector>

#include "net/ops/kernel.h"

namespace faultline::net {

// y's axis k is x's axis perm[k]; an empty perm reverses all axes.
struct Transpose {
  static constexpr std::string_view kName = "Transpose";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  std::vector<std::int64_t> perm = {};
};

// Throws Error{model} if perm is no permutation of the axes.
Shape infer_shape(const Transpose& op, std::span<const Shape> inputs);
template <class S>
void forward(const Transpose& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Transpose& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
