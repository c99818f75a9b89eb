#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// a + b, a - b, a b or a / b, element by element, shapes broadcast as in NumPy (aligned at the last axis,
// extents of 1 repeat).
struct Binary {
  static constexpr std::string_view kName = "Binary";
  enum class Kind { add, sub, mul, div };
  static constexpr InputCount kInputs{.least = 2, .most = 2, .variable = 2};
  Kind kind = Kind::add;

  std::string_view name() const;  // ONNX's: Add, Sub, Mul, Div
  Response response() const {
    return kind == Kind::add || kind == Kind::sub ? Response::affine : Response::product;
  }
};

// Throws Error{model} if the shapes cannot be broadcast.
Shape infer_shape(const Binary& op, std::span<const Shape> inputs);
template <class S>
void forward(const Binary& op, Inputs<S> inputs, BasicTensorView<S> output);
// Summed over the axes along which the input was repeated.
template <class S>
void backward(const Binary& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

}  // namespace faultline::net
