#pragma once

#include <array>
#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// Input normalisation, the first node of every network: pixels [N,3,h,w] in [0,1], RGB ->
//   y[n,c] = (scale x[n,source[c]] - mean[c]) / std[c].
// source = {2,1,0} gives BGR. It is added by net::with_preprocessing only, which refuses a graph that has one
// already.
struct Normalize {
  static constexpr std::string_view kName = "Normalize";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  std::array<int, 3> source = {0, 1, 2};
  float scale = 1;
  std::array<float, 3> mean = {0, 0, 0};
  std::array<float, 3> std = {1, 1, 1};
};

Shape infer_shape(const Normalize& op, std::span<const Shape> inputs);
template <class S>
void forward(const Normalize& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Normalize& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
