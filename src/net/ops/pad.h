#pragma once

#include <string_view>
#include <vector>

#include "net/ops/kernel.h"

namespace faultline::net {

// Adds to both ends of every axis, as ONNX Pad: `value`, the border reflected without repeating its edge, or
// the edge repeated. Negative pads crop, before anything is added.
struct Pad {
  static constexpr std::string_view kName = "Pad";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::affine;
  enum class Mode { constant, reflect, edge };
  Mode mode = Mode::constant;
  std::vector<std::int64_t> pads;  // one for each axis at its beginning, then one for each at its end
  float value = 0;                 // of Mode::constant
};

// Throws Error{model} if the number of pads is not twice the rank, more is cropped than there is, a reflected
// pad is not smaller than the extent, or there is no edge to repeat.
Shape infer_shape(const Pad& op, std::span<const Shape> inputs);
template <class S>
void forward(const Pad& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Pad& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
