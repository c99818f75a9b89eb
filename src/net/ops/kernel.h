#pragma once

#include <complex>
#include <span>

#include "tensor/tensor.h"

namespace faultline::net {

// What every operator file provides (see docs/adding_an_operator.md):
//
//   struct Relu { static constexpr std::string_view kName = "Relu"; ...parameters with their defaults... };
//   Shape infer_shape(const Relu&, std::span<const Shape> inputs);                        // Error{model} if
//   inputs do not fit template <class S> void forward(const Relu&, Inputs<S> inputs, BasicTensorView<S>
//   output); template <class S> void backward(const Relu&, const Adjoint<S>& adjoint, BasicTensorView<S>
//   input_gradient);
//
// Tensors are dense and row-major; forward and backward write every element of their result and read none of
// it. Shapes are those of infer_shape (checked by the caller). S is float, double or std::complex<double>.

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
