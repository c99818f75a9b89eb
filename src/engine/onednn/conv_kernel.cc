#include "engine/onednn/conv_kernel.h"

#include <utility>

#include "base/error.h"
#include "engine/onednn/conv_paths.h"

namespace faultline::engine::onednn {

ConvKernel::ConvKernel(const ConvProblem& problem, Tensor weights, Tensor bias, Context& context)
    : problem_(problem),
      forward_(make_conv_path(problem, Direction::forward, context)),
      backward_(make_conv_path(problem, Direction::backward, context)),
      weights_(std::move(weights)),
      bias_(std::move(bias)) {}

void ConvKernel::convert_weights() {
  forward_->set_weights(weights_.data(), bias_.data());
  backward_->set_weights(weights_.data(), bias_.data());
  weights_ = Tensor();
  bias_ = Tensor();
}

void ConvKernel::forward(const ForwardRows<float>& rows) {
  forward_->run({.inputs = rows.inputs[0], .outputs = rows.outputs});
}

void ConvKernel::backward(const BackwardRows<float>& rows) {
  ConvRows conv{.inputs = rows.output_gradients, .outputs = rows.input_gradients};
  if (problem_.relu) conv.input_gates = rows.outputs;
  backward_->run(conv);
}

void ConvKernel::tangent(const TangentRows<float>& rows) {
  require(problem_.relu, "ConvKernel::tangent: a convolution without ReLU is affine");
  forward_->run({.inputs = rows.inputs[0], .outputs = rows.outputs, .output_gates = rows.recorded_outputs});
}

}  // namespace faultline::engine::onednn
