#pragma once

#include <limits>
#include <string_view>

#include "net/ops/kernel.h"
#include "net/scalar.h"

namespace faultline::net {

// y = min(max(x, min), max), any shape; max wins where min > max. The slope is 1 for min < x < max and 0
// elsewhere, the ends included (so that Clip{0} is Relu).
struct Clip {
  static constexpr std::string_view kName = "Clip";
  static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
  static constexpr Response kResponse = Response::elementwise;
  float min = -std::numeric_limits<float>::infinity();
  float max = std::numeric_limits<float>::infinity();
};

Shape infer_shape(const Clip& op, std::span<const Shape> inputs);
template <class S>
void forward(const Clip& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Clip& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

template <class S>
S value(const Clip& op, S x) {
  using Real = decltype(real_part(x));
  const S raised = real_part(x) < Real(op.min) ? S(op.min) : x;
  return real_part(raised) > Real(op.max) ? S(op.max) : raised;
}
template <class S>
S slope(const Clip& op, S x) {
  using Real = decltype(real_part(x));
  return real_part(x) > Real(op.min) && real_part(x) < Real(op.max) ? S(1) : S{};
}

}  // namespace faultline::net
