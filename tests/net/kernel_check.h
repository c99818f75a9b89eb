#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <vector>

#include "base/philox.h"
#include "net/operator.h"
#include "net/scalar.h"

namespace faultline::test {

using Complex = std::complex<double>;

template <class To, class From>
BasicTensor<To> converted(const BasicTensor<From>& tensor) {
  auto result = BasicTensor<To>::uninitialised(tensor.shape());
  for (std::int64_t i = 0; i < tensor.elements(); ++i) result[i] = static_cast<To>(tensor[i]);
  return result;
}

// A result that no kernel has written yet.
template <class S>
BasicTensor<S> unwritten(const Shape& shape) {
  auto tensor = BasicTensor<S>::uninitialised(shape);
  std::fill_n(tensor.data(), tensor.elements(), S(std::numeric_limits<float>::quiet_NaN()));
  return tensor;
}

// Seeded values, uniform in (low, high).
inline DoubleTensor random_tensor(const Shape& shape, const std::string& name, double low = -1,
                                  double high = 1) {
  const RandomStream stream(7, name);
  DoubleTensor tensor(shape);
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    tensor[i] = low + (high - low) * stream.uniform(static_cast<std::uint64_t>(i));
  }
  return tensor;
}

template <class S>
std::vector<BasicTensorView<const S>> views(const std::vector<BasicTensor<S>>& tensors) {
  std::vector<BasicTensorView<const S>> result;
  for (const auto& tensor : tensors) result.push_back(tensor.view());
  return result;
}

template <class To>
std::vector<BasicTensor<To>> converted(const std::vector<DoubleTensor>& tensors) {
  std::vector<BasicTensor<To>> result;
  for (const auto& tensor : tensors) result.push_back(converted<To>(tensor));
  return result;
}

template <class S>
std::vector<Shape> shapes(const std::vector<BasicTensor<S>>& tensors) {
  std::vector<Shape> result;
  for (const auto& tensor : tensors) result.push_back(tensor.shape());
  return result;
}

template <class S, class Op>
BasicTensor<S> run(const Op& op, const std::vector<BasicTensor<S>>& inputs) {
  auto output = unwritten<S>(infer_shape(op, shapes(inputs)));
  const auto in = views(inputs);
  forward(op, net::Inputs<S>(in), output.view());
  return output;
}

template <class S, class Op>
BasicTensor<S> run_backward(const Op& op, const std::vector<BasicTensor<S>>& inputs,
                            const BasicTensor<S>& output, const BasicTensor<S>& output_gradient,
                            std::size_t input) {
  auto gradient = unwritten<S>(inputs[input].shape());
  const auto in = views(inputs);
  backward(op, net::Adjoint<S>{in, output.view(), output_gradient.view(), input}, gradient.view());
  return gradient;
}

// |a - b| relative to the larger of the two tensors' largest element; infinite if a NaN is in either.
template <class A, class B>
double relative_difference(const BasicTensor<A>& a, const BasicTensor<B>& b) {
  if (!(a.shape() == b.shape())) return std::numeric_limits<double>::infinity();
  double difference = 0;
  double scale = std::numeric_limits<double>::min();
  for (std::int64_t i = 0; i < a.elements(); ++i) {
    const double distance = std::abs(Complex(a[i]) - Complex(b[i]));
    if (!(distance <= std::numeric_limits<double>::max())) return std::numeric_limits<double>::infinity();
    difference = std::max(difference, distance);
    scale = std::max({scale, std::abs(Complex(a[i])), std::abs(Complex(b[i]))});
  }
  return difference / scale;
}

// Whether forward gives `expected` for every scalar.
template <class Op>
void expect_forward(const Op& op, const std::vector<DoubleTensor>& inputs, const DoubleTensor& expected) {
  const auto result = run(op, inputs);
  ASSERT_EQ(result.shape().to_string(), expected.shape().to_string());
  for (std::int64_t i = 0; i < expected.elements(); ++i) {
    EXPECT_NEAR(result[i], expected[i], 1e-6 * std::max(1.0, std::abs(expected[i]))) << "element " << i;
  }
  EXPECT_LE(relative_difference(run(op, converted<float>(inputs)), expected), 1e-6);
  EXPECT_LE(relative_difference(run(op, converted<Complex>(inputs)), result), 1e-15);
}

// The largest error of backward for one input, relative to the largest derivative: against the complex step
// (Im s(x + i h e)/h with s = <dy, y>, exact to rounding) for every element, in double; and of float against
// double.
struct GradientErrors {
  double against_complex_step;
  double of_float;
};

template <class Op>
GradientErrors gradient_errors(const Op& op, const std::vector<DoubleTensor>& inputs, std::size_t input) {
  constexpr double kStep = 1e-100;
  const DoubleTensor output = run(op, inputs);
  const DoubleTensor seed = random_tensor(output.shape(), "output gradient");
  const DoubleTensor gradient = run_backward(op, inputs, output, seed, input);
  auto stepped = converted<Complex>(inputs);
  DoubleTensor expected(gradient.shape());
  for (std::int64_t i = 0; i < expected.elements(); ++i) {
    stepped[input][i] += Complex(0, kStep);
    const auto values = run(op, stepped);
    for (std::int64_t k = 0; k < values.elements(); ++k) expected[i] += seed[k] * (values[k].imag() / kStep);
    stepped[input][i] = Complex(inputs[input][i]);
  }
  const auto singles = converted<float>(inputs);
  const auto single = run_backward(op, singles, run(op, singles), converted<float>(seed), input);
  return {relative_difference(gradient, expected), relative_difference(single, gradient)};
}

template <class Op>
void expect_gradient(const Op& op, const std::vector<DoubleTensor>& inputs, std::size_t input = 0) {
  const GradientErrors errors = gradient_errors(op, inputs, input);
  EXPECT_LE(errors.against_complex_step, 1e-12) << "input " << input;
  EXPECT_LE(errors.of_float, 1e-4) << "input " << input;
}

}  // namespace faultline::test
