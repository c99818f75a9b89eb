#pragma once

#include <memory>
#include <string>

#include "engine/kernel.h"
#include "engine/onednn/context.h"
#include "engine/onednn/conv_primitive.h"

namespace faultline::engine::onednn {

// y = conv(x) + bias, or relu of it; the convolution runs image by image, so that a result depends on no
// batch.
//   Batch normalisation is in the weights already. Backward of a fused ReLU takes its gate from the output:
//   open where y > 0.
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
  // Two convolutions and the two reorders of their weights.
  std::int64_t primitives_created() const override { return primitives_created_; }
  std::int64_t reorders() const override { return reorders_; }

  // oneDNN's names of what runs, forward and backward.
  const std::string& forward_implementation() const { return forward_.choice().implementation; }
  const std::string& backward_implementation() const { return backward_.choice().implementation; }

 private:
  // `row` in the layout `to`: itself, or converted into `scratch`.
  const float* in_layout(const Layout& from, const float* row, const Layout& to, float* scratch);

  ConvProblem problem_;
  Context& context_;
  ConvPrimitive forward_;
  ConvPrimitive backward_;
  Tensor weights_;
  Tensor bias_;
  std::int64_t primitives_created_ = 2;
  std::int64_t reorders_ = 0;
};

}  // namespace faultline::engine::onednn
