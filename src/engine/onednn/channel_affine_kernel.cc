#include "engine/onednn/channel_affine_kernel.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/parallel.h"
#include "engine/onednn/affine_kernel.h"

namespace faultline::engine::onednn {

namespace {

class ChannelAffineKernel final : public AffineKernel {
 public:
  // source: empty for the identity. Only plain layouts take another.
  ChannelAffineKernel(const Layout& layout, const ChannelAffine& affine, std::vector<std::int64_t> source)
      : layout_(layout), scale_(padded(layout, affine.scale)), shift_(padded(layout, affine.shift)) {
    source_ = std::move(source);
    for (std::int64_t c = static_cast<std::int64_t>(source_.size()); c < layout.padded_channels(); ++c) {
      source_.push_back(c);
    }
  }

  void forward(const ForwardRows<float>& rows) override {
    for_each_block(rows.outputs.size(), [&](std::size_t r, std::int64_t c) {
      const float* x = rows.inputs[0][r] + source_[static_cast<std::size_t>(c)] * layout_.positions;
      float* y = rows.outputs[r] + c * layout_.positions;
      for (std::int64_t p = 0; p < layout_.positions; ++p) {
        for (std::int64_t k = 0; k < layout_.block; ++k, ++x, ++y) *y = scale_[c + k] * *x + shift_[c + k];
      }
    });
  }

  void backward(const BackwardRows<float>& rows) override {
    for_each_block(rows.input_gradients.size(), [&](std::size_t r, std::int64_t c) {
      const float* dy = rows.output_gradients[r] + c * layout_.positions;
      float* dx = rows.input_gradients[r] + source_[static_cast<std::size_t>(c)] * layout_.positions;
      for (std::int64_t p = 0; p < layout_.positions; ++p) {
        for (std::int64_t k = 0; k < layout_.block; ++k, ++dx, ++dy) *dx = scale_[c + k] * *dy;
      }
    });
  }

 private:
  static Tensor padded(const Layout& layout, const DoubleTensor& values) {
    Tensor result(Shape{layout.padded_channels()});
    std::transform(values.data(), values.data() + layout.channels, result.data(),
                   [](double value) { return static_cast<float>(value); });
    return result;
  }

  // body(row, first channel of a block)
  template <class Body>
  void for_each_block(std::size_t rows, const Body& body) const {
    const std::int64_t blocks = layout_.padded_channels() / layout_.block;
    parallel_for(static_cast<std::int64_t>(rows) * blocks, [&](std::int64_t i) {
      body(static_cast<std::size_t>(i / blocks), i % blocks * layout_.block);
    });
  }

  Layout layout_;
  Tensor scale_;
  Tensor shift_;
  std::vector<std::int64_t> source_;
};

}  // namespace

ChannelAffine fold(const net::BatchNormalization& op, const Tensor& scale, const Tensor& bias,
                   const Tensor& mean, const Tensor& variance) {
  ChannelAffine result{DoubleTensor(scale.shape()), DoubleTensor(scale.shape())};
  for (std::int64_t c = 0; c < scale.elements(); ++c) {
    result.scale[c] = double(scale[c]) / std::sqrt(double(variance[c]) + double(op.epsilon));
    result.shift[c] = double(bias[c]) - result.scale[c] * double(mean[c]);
  }
  return result;
}

KernelPointer make_channel_affine(const net::BatchNormalization& op, const Site& site) {
  for (std::size_t i = 1; i < site.inputs.size(); ++i) {
    if (site.inputs[i].is_variable()) return nullptr;
  }
  const ChannelAffine affine = fold(op, *site.inputs[1].constant, *site.inputs[2].constant,
                                    *site.inputs[3].constant, *site.inputs[4].constant);
  return std::make_unique<ChannelAffineKernel>(site.output.layout, affine, std::vector<std::int64_t>{});
}

KernelPointer make_channel_affine(const net::Normalize& op, const Site& site) {
  std::vector<std::int64_t> source(op.source.begin(), op.source.end());
  if (!std::is_permutation(source.begin(), source.end(), std::begin({0, 1, 2}))) return nullptr;
  ChannelAffine affine{DoubleTensor(Shape{3}), DoubleTensor(Shape{3})};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto k = static_cast<std::int64_t>(c);
    affine.scale[k] = double(op.scale) / double(op.std[c]);
    affine.shift[k] = -double(op.mean[c]) / double(op.std[c]);
  }
  return std::make_unique<ChannelAffineKernel>(site.output.layout, affine, std::move(source));
}

}  // namespace faultline::engine::onednn
