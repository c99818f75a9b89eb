#pragma once

#include <complex>
#include <span>

#include "tensor/tensor.h"

namespace faultline::net {

// What every operator file provides (see docs/adding_an_operator.md):
//
//   struct Relu {
//     static constexpr std::string_view kName = "Relu";
//     static constexpr InputCount kInputs{.least = 1, .most = 1, .variable = 1};
//     static constexpr Response kResponse = Response::elementwise;
//     ...parameters with their defaults...
//   };
//   Shape infer_shape(const Relu&, std::span<const Shape> inputs);  // Error{model} if inputs do not fit
//   template <class S>
//   void forward(const Relu&, Inputs<S> inputs, BasicTensorView<S> output);
//   template <class S>
//   void backward(const Relu&, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);
//
// Tensors are dense and row-major; forward and backward write every element of their result and read none of
// it. Shapes are those of infer_shape (checked by the caller). S is float, double or std::complex<double>.
// infer_shape refuses every parameter with which a kernel could read out of bounds: models may be hostile.

// How many inputs an operator takes, and how many of them, counted from the first, may depend on the image
// (backward is defined for those).
struct InputCount {
  int least;
  int most;
  int variable;
};
inline constexpr int kAnyNumber = 1 << 20;

// How an output answers to a change of the inputs, and so what "frozen to its tangent" (method: gates game)
// means.
enum class Response {
  affine,       // affine in all inputs together: it is its own tangent
  product,      // affine in one variable input while the others are constants (Div: the dividend), else as
                // `general`
  elementwise,  // y = f(x) element by element: the header has value(op, x) = f and slope(op, x) = f'
  selecting,    // every output is one of the inputs: the tangent keeps the winner's index
  general,      // any other smooth function: the tangent is backward's
};

// No value of a network may have this many elements or more.
inline constexpr std::int64_t kElementLimit = std::int64_t{1} << 31;

template <class S>
using Inputs = std::span<const BasicTensorView<const S>>;

// The question a backward kernel answers: given ds/d(output), what is ds/d(inputs[input])? No conjugation:
// the complex instantiation differentiates holomorphically.
template <class S>
struct Adjoint {
  Inputs<S> inputs;
  BasicTensorView<const S> output;
  BasicTensorView<const S> output_gradient;
  std::size_t input = 0;
};

// Instantiates the two kernels of an operator for every scalar; the last line of each operator's .cc file.
#define FAULTLINE_INSTANTIATE_KERNELS(Op)                                                                \
  template void forward(const Op&, Inputs<float>, BasicTensorView<float>);                               \
  template void forward(const Op&, Inputs<double>, BasicTensorView<double>);                             \
  template void forward(const Op&, Inputs<std::complex<double>>, BasicTensorView<std::complex<double>>); \
  template void backward(const Op&, const Adjoint<float>&, BasicTensorView<float>);                      \
  template void backward(const Op&, const Adjoint<double>&, BasicTensorView<double>);                    \
  template void backward(const Op&, const Adjoint<std::complex<double>>&,                                \
                         BasicTensorView<std::complex<double>>)

}  // namespace faultline::net
