#include "engine/onednn/concat_kernel.h"

#include <algorithm>
#include <utility>

#include "base/parallel.h"
#include "engine/onednn/affine_kernel.h"
#include "engine/onednn/padding.h"

namespace faultline::engine::onednn {

namespace {

// Channels of a row, from `first` on.
template <class T>
struct Slice {
  const Layout& layout;
  std::int64_t first;
  T* row;
};

void copy_channels(const Slice<const float>& from, const Slice<float>& to, std::int64_t channels) {
  const std::int64_t block = from.layout.block;
  const std::int64_t positions = from.layout.positions;
  std::int64_t c = 0;
  if (block == to.layout.block && from.first % block == 0 && to.first % block == 0) {
    const std::int64_t whole = channels / block * block;
    std::copy_n(from.row + from.layout.offset(from.first, 0), whole * positions,
                to.row + to.layout.offset(to.first, 0));
    c = whole;
  }
  for (; c < channels; ++c) {
    const float* source = from.row + from.layout.offset(from.first + c, 0);
    float* target = to.row + to.layout.offset(to.first + c, 0);
    for (std::int64_t p = 0; p < positions; ++p) target[p * to.layout.block] = source[p * block];
  }
}

class ConcatKernel final : public AffineKernel {
 public:
  ConcatKernel(std::vector<Layout> inputs, const Layout& output)
      : inputs_(std::move(inputs)), output_(output) {
    for (std::size_t i = 1; i < inputs_.size(); ++i)
      first_.push_back(first_.back() + inputs_[i - 1].channels);
  }

  void forward(const ForwardRows<float>& rows) override {
    parallel_for(static_cast<std::int64_t>(rows.outputs.size()), [&](std::int64_t row) {
      const auto r = static_cast<std::size_t>(row);
      for (std::size_t i = 0; i < inputs_.size(); ++i) {
        copy_channels({inputs_[i], 0, rows.inputs[i][r]}, {output_, first_[i], rows.outputs[r]},
                      inputs_[i].channels);
      }
      clear_padding(output_, rows.outputs[r]);
    });
  }

  void backward(const BackwardRows<float>& rows) override {
    const Layout& input = inputs_[rows.input];
    parallel_for(static_cast<std::int64_t>(rows.input_gradients.size()), [&](std::int64_t row) {
      const auto r = static_cast<std::size_t>(row);
      copy_channels({output_, first_[rows.input], rows.output_gradients[r]},
                    {input, 0, rows.input_gradients[r]}, input.channels);
      clear_padding(input, rows.input_gradients[r]);
    });
  }

 private:
  std::vector<Layout> inputs_;
  Layout output_;
  std::vector<std::int64_t> first_ = {0};  // channel of the output at which each input begins
};

}  // namespace

KernelPointer make_concat(const net::Concat& op, const Site& site) {
  const std::int64_t axis = op.axis < 0 ? op.axis + site.output.shape.rank() : op.axis;
  if (axis != 1 || site.variable_count() != site.inputs.size()) return nullptr;
  std::vector<Layout> layouts;
  for (const Operand& input : site.inputs) layouts.push_back(input.layout);
  return std::make_unique<ConcatKernel>(std::move(layouts), site.output.layout);
}

}  // namespace faultline::engine::onednn
