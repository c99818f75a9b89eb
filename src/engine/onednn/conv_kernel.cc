#include "engine/onednn/conv_kernel.h"

#include <utility>

#include "base/error.h"
#include "engine/onednn/chunks.h"

namespace faultline::engine::onednn {

namespace {

// Writes the gradient where the fused ReLU is open, 0 elsewhere.
void mask_gradient(std::int64_t elements, const float* output, const float* gradient, float* masked) {
  for_each_chunk(elements, [=](std::int64_t first, std::int64_t last) {
#pragma omp simd
    for (std::int64_t i = first; i < last; ++i) masked[i] = output[i] > 0 ? gradient[i] : 0.0F;
  });
}

std::int64_t larger_row(const Layout& a, const Layout& b) {
  return std::max(a.row_elements(), b.row_elements());
}

}  // namespace

ConvKernel::ConvKernel(const ConvProblem& problem, Tensor weights, Tensor bias, Context& context)
    : problem_(problem),
      context_(context),
      forward_(problem, Direction::forward, context),
      backward_(problem, Direction::backward_data, context),
      weights_(std::move(weights)),
      bias_(std::move(bias)) {
  context.reserve_scratch(larger_row(forward_.choice().source, backward_.choice().source) +
                          larger_row(forward_.choice().destination, backward_.choice().destination) +
                          problem.destination.row_elements());
}

void ConvKernel::convert_weights() {
  forward_.set_weights(weights_.data(), bias_.data(), context_.engine());
  backward_.set_weights(weights_.data(), bias_.data(), context_.engine());
  primitives_created_ += 2;
  weights_ = Tensor();
  bias_ = Tensor();
}

const float* ConvKernel::in_layout(const Layout& from, const float* row, const Layout& to, float* scratch) {
  if (from == to) return row;
  convert_row(from, row, to, scratch);
  ++reorders_;
  return scratch;
}

void ConvKernel::forward(const ForwardRows<float>& rows) {
  const Layout& source = forward_.choice().source;
  const Layout& destination = forward_.choice().destination;
  float* source_scratch = context_.scratch();
  float* destination_scratch = source_scratch + source.row_elements();
  for (std::size_t r = 0; r < rows.outputs.size(); ++r) {
    const float* x = in_layout(problem_.source, rows.inputs[0][r], source, source_scratch);
    const bool is_direct = destination == problem_.destination;
    float* y = is_direct ? rows.outputs[r] : destination_scratch;
    forward_.run(x, y, context_);
    if (!is_direct) in_layout(destination, y, problem_.destination, rows.outputs[r]);
  }
}

void ConvKernel::backward(const BackwardRows<float>& rows) {
  const Layout& source = backward_.choice().source;
  const Layout& destination = backward_.choice().destination;
  float* source_scratch = context_.scratch();
  float* destination_scratch = source_scratch + source.row_elements();
  float* masked = destination_scratch + destination.row_elements();
  for (std::size_t r = 0; r < rows.output_gradients.size(); ++r) {
    const float* dy = rows.output_gradients[r];
    if (problem_.relu) {
      mask_gradient(problem_.destination.row_elements(), rows.outputs[r], dy, masked);
      dy = masked;
    }
    dy = in_layout(problem_.destination, dy, destination, destination_scratch);
    const bool is_direct = source == problem_.source;
    float* dx = is_direct ? rows.input_gradients[r] : source_scratch;
    backward_.run(dy, dx, context_);
    if (!is_direct) in_layout(source, dx, problem_.source, rows.input_gradients[r]);
  }
}

void ConvKernel::tangent(const TangentRows<float>& /*rows*/) {
  throw ContractError("ConvKernel::tangent: a convolution is affine, and a fused ReLU cannot be frozen");
}

}  // namespace faultline::engine::onednn
