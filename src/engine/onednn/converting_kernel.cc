#include "engine/onednn/converting_kernel.h"

#include <utility>

#include "engine/onednn/layouts.h"

namespace faultline::engine::onednn {

namespace {

// One row of each variable input, as kernels take them.
using Row = std::vector<std::vector<const float*>>;

class ConvertingKernel final : public FloatKernel {
 public:
  ConvertingKernel(KernelPointer kernel, KernelLayouts inner, KernelLayouts outer)
      : kernel_(std::move(kernel)),
        inner_(std::move(inner)),
        outer_(std::move(outer)),
        row_(inner_.inputs.size(), {nullptr}),
        recorded_row_(row_),
        output_buffer_(buffer(inner_.output)),
        gradient_buffer_(buffer(inner_.output)) {
    for (const Layout& input : inner_.inputs) {
      input_buffers_.push_back(buffer(input));
      recorded_buffers_.push_back(buffer(input));
    }
  }

  void forward(const ForwardRows<float>& rows) override {
    for (std::size_t r = 0; r < rows.outputs.size(); ++r) {
      take(rows.inputs, r, input_buffers_, row_);
      float* y = target(inner_.output, outer_.output, rows.outputs[r], output_buffer_);
      kernel_->forward({.inputs = row_, .outputs = {&y, 1}, .winners = one(rows.winners, r)});
      give(inner_.output, y, outer_.output, rows.outputs[r]);
    }
  }

  void backward(const BackwardRows<float>& rows) override {
    const Layout& inner = inner_.inputs[rows.input];
    const Layout& outer = outer_.inputs[rows.input];
    for (std::size_t r = 0; r < rows.input_gradients.size(); ++r) {
      take(rows.inputs, r, input_buffers_, row_);
      const float* dy = in_layout(outer_.output, rows.output_gradients[r], inner_.output, gradient_buffer_);
      const float* y = kernel_->backward_reads_outputs()
                           ? in_layout(outer_.output, rows.outputs[r], inner_.output, output_buffer_)
                           : nullptr;
      // The kernel may still read its input, so that the gradient needs a buffer of its own.
      float* dx = target(inner, outer, rows.input_gradients[r], recorded_buffers_[rows.input]);
      kernel_->backward({.inputs = row_,
                         .outputs = {&y, 1},
                         .winners = one(rows.winners, r),
                         .output_gradients = {&dy, 1},
                         .input = rows.input,
                         .input_gradients = {&dx, 1}});
      give(inner, dx, outer, rows.input_gradients[r]);
    }
  }

  void tangent(const TangentRows<float>& rows) override {
    for (std::size_t r = 0; r < rows.outputs.size(); ++r) {
      take(rows.inputs, r, input_buffers_, row_);
      take(rows.recorded_inputs, r, recorded_buffers_, recorded_row_);
      float* y = target(inner_.output, outer_.output, rows.outputs[r], output_buffer_);
      kernel_->tangent({.inputs = row_,
                        .recorded_inputs = recorded_row_,
                        .recorded_outputs = {},  // only a fused ReLU's, which is never converted
                        .recorded_winners = one(rows.recorded_winners, r),
                        .outputs = {&y, 1}});
      give(inner_.output, y, outer_.output, rows.outputs[r]);
    }
  }

  std::int64_t winners_per_row() const override { return kernel_->winners_per_row(); }
  std::int64_t multiply_adds() const override { return kernel_->multiply_adds(); }
  bool backward_reads_outputs() const override { return kernel_->backward_reads_outputs(); }
  std::int64_t reorders() const override { return reorders_; }

 private:
  static Tensor buffer(const Layout& layout) { return Tensor(Shape{layout.row_elements()}); }

  template <class Winners>
  static std::span<Winners> one(std::span<Winners> winners, std::size_t r) {
    return winners.empty() ? winners : winners.subspan(r, 1);
  }

  const float* in_layout(const Layout& from, const float* row, const Layout& to, Tensor& scratch) {
    if (from == to) return row;
    convert_row(from, row, to, scratch.data());
    ++reorders_;
    return scratch.data();
  }

  void take(std::span<const std::vector<const float*>> inputs, std::size_t r, std::vector<Tensor>& buffers,
            Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i][0] = in_layout(outer_.inputs[i], inputs[i][r], inner_.inputs[i], buffers[i]);
    }
  }

  // Where the kernel is to write: at once in its place, or in a buffer that `give` brings there.
  static float* target(const Layout& inner, const Layout& outer, float* row, Tensor& scratch) {
    return inner == outer ? row : scratch.data();
  }
  void give(const Layout& inner, const float* values, const Layout& outer, float* row) {
    if (inner == outer) return;
    convert_row(inner, values, outer, row);
    ++reorders_;
  }

  KernelPointer kernel_;
  KernelLayouts inner_;
  KernelLayouts outer_;
  Row row_;
  Row recorded_row_;
  Tensor output_buffer_;
  Tensor gradient_buffer_;
  std::vector<Tensor> input_buffers_ = {};
  std::vector<Tensor> recorded_buffers_ = {};  // also for the input's gradient
  std::int64_t reorders_ = 0;
};

}  // namespace

KernelPointer make_converting(KernelPointer kernel, KernelLayouts inner, KernelLayouts outer) {
  if (inner == outer) return kernel;
  return std::make_unique<ConvertingKernel>(std::move(kernel), std::move(inner), std::move(outer));
}

}  // namespace faultline::engine::onednn
