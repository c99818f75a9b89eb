#include "engine/onednn/reshape_kernel.h"

#include "engine/onednn/affine_kernel.h"
#include "engine/onednn/layouts.h"

namespace faultline::engine::onednn {

namespace {

class ReshapeKernel final : public AffineKernel {
 public:
  ReshapeKernel(const Layout& input, const Layout& output, Context& context)
      : input_(input), output_(output), context_(context) {
    if (needs_two_steps()) context.reserve_scratch(input.channels * input.positions);
  }

  void forward(const ForwardRows<float>& rows) override {
    for (std::size_t r = 0; r < rows.outputs.size(); ++r) {
      rearrange(input_, rows.inputs[0][r], output_, rows.outputs[r]);
    }
  }
  void backward(const BackwardRows<float>& rows) override {
    for (std::size_t r = 0; r < rows.input_gradients.size(); ++r) {
      rearrange(output_, rows.output_gradients[r], input_, rows.input_gradients[r]);
    }
  }

 private:
  bool needs_two_steps() const { return input_.block > 1 && output_.block > 1 && !(input_ == output_); }

  void rearrange(const Layout& from, const float* source, const Layout& to, float* destination) {
    if (needs_two_steps()) {
      convert_row(from, source, plain(from), context_.scratch());
      convert_row(plain(to), context_.scratch(), to, destination);
    } else {
      convert_row(from, source, to, destination);
    }
  }

  Layout input_;
  Layout output_;
  Context& context_;
};

}  // namespace

KernelPointer make_reshape(const Site& site, Context& context) {
  return std::make_unique<ReshapeKernel>(site.inputs[0].layout, site.output.layout, context);
}

}  // namespace faultline::engine::onednn
