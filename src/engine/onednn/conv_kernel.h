#pragma once

#include <memory>
#include <string>

#include "engine/kernel.h"
#include "engine/onednn/context.h"
#include "engine/onednn/conv_path.h"
#include "engine/onednn/conv_problem.h"

namespace faultline::engine::onednn {

// y = conv(x) + bias, or relu of it. Batch normalisation is in the weights already. Backward of a fused ReLU
// takes its gate from the output: open where y > 0. Its tangent at a recording is the convolution with the
// recording's gates.
class ConvKernel final : public Kernel<float> {
 public:
  // weights [O, C/groups, kh, kw] and bias [O], row-major; taken over by convert_weights.
  ConvKernel(const ConvProblem& problem, Tensor weights, Tensor bias, Context& context);

  // Has to be called once before the kernel runs. Kernels may do so at the same time.
  void convert_weights();

  void forward(const ForwardRows<float>& rows) override;
  void backward(const BackwardRows<float>& rows) override;
  void tangent(const TangentRows<float>& rows) override;
  bool backward_reads_outputs() const override { return problem_.relu; }
  std::int64_t multiply_adds() const override { return problem_.multiply_adds(); }
  std::int64_t primitives_created() const override {
    return forward_->primitives_created() + backward_->primitives_created();
  }
  std::int64_t reorders() const override { return forward_->reorders() + backward_->reorders(); }

  const ConvProblem& problem() const { return problem_; }
  std::string implementation() const override {
    return forward_implementation() + ", backward " + backward_implementation();
  }
  std::string forward_implementation() const { return forward_->implementation(); }
  std::string backward_implementation() const { return backward_->implementation(); }

 private:
  ConvProblem problem_;
  std::unique_ptr<ConvPath> forward_;
  std::unique_ptr<ConvPath> backward_;
  Tensor weights_;
  Tensor bias_;
};

}  // namespace faultline::engine::onednn
