#include "engine/onednn/dense_kernel.h"

#include <utility>

#include "engine/onednn/affine_kernel.h"
#include "engine/onednn/dense_loops.h"

namespace faultline::engine::onednn {

namespace {

class DenseKernel final : public AffineKernel {
 public:
  // `transposed`: weights [outputs, inputs], else [inputs, outputs]. An empty bias is none.
  DenseKernel(std::shared_ptr<const Tensor> weights, bool transposed, float factor, Tensor bias)
      : weights_(std::move(weights)), transposed_(transposed), factor_(factor), bias_(std::move(bias)) {}

  void forward(const ForwardRows<float>& rows) override {
    const float* bias = bias_.elements() == 0 ? nullptr : bias_.data();
    multiply(transposed_, bias, {rows.inputs[0].data(), rows.outputs.data(), count(rows.outputs)});
  }
  void backward(const BackwardRows<float>& rows) override {
    multiply(!transposed_, nullptr,
             {rows.output_gradients.data(), rows.input_gradients.data(), count(rows.output_gradients)});
  }
  std::int64_t multiply_adds() const override { return weights_->elements(); }

 private:
  template <class Rows>
  static std::int64_t count(const Rows& rows) {
    return static_cast<std::int64_t>(rows.size());
  }

  void multiply(bool by_dots, const float* bias, const DenseRows& rows) const {
    const auto product = by_dots ? dense_dots : dense_sums;
    product(weights_->data(), weights_->shape()[0], weights_->shape()[1], bias, factor_, rows);
  }

  std::shared_ptr<const Tensor> weights_;
  bool transposed_;
  float factor_;
  Tensor bias_;
};

// beta C as a row of `outputs` values; nothing if C is not the same for all rows.
bool fold_bias(const Operand& c, float beta, std::int64_t outputs, Tensor& bias) {
  const Shape& shape = c.shape;
  const bool is_row = shape.rank() < 2 || (shape.rank() == 2 && shape[0] == 1);
  if (c.is_variable() || !is_row || (shape.elements() != 1 && shape.elements() != outputs)) return false;
  bias = Tensor::uninitialised(Shape{outputs});
  for (std::int64_t k = 0; k < outputs; ++k) bias[k] = beta * (*c.constant)[shape.elements() == 1 ? 0 : k];
  return true;
}

// x [1,K] variable, weights a constant matrix.
bool is_dense(const Site& site) {
  const Operand& x = site.inputs[0];
  const Operand& weights = site.inputs[1];
  return x.is_variable() && x.shape.rank() == 2 && !weights.is_variable() && weights.shape.rank() == 2;
}

}  // namespace

KernelPointer make_dense(const net::Gemm& op, const Site& site) {
  if (!is_dense(site) || op.transpose_a) return nullptr;
  Tensor bias;
  const std::int64_t outputs = site.output.shape[1];
  if (site.inputs.size() > 2 && !fold_bias(site.inputs[2], op.beta, outputs, bias)) return nullptr;
  return std::make_unique<DenseKernel>(site.inputs[1].constant, op.transpose_b, op.alpha, std::move(bias));
}

KernelPointer make_dense(const net::MatMul& /*op*/, const Site& site) {
  if (!is_dense(site)) return nullptr;
  return std::make_unique<DenseKernel>(site.inputs[1].constant, false, 1.0F, Tensor());
}

}  // namespace faultline::engine::onednn
