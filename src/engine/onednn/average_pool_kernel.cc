#include "engine/onednn/average_pool_kernel.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/onednn/affine_kernel.h"
#include "engine/onednn/pool_loops.h"

namespace faultline::engine::onednn {

namespace {

// The weight of every cell of each output's window: 1 / count, as net::AveragePool counts.
std::vector<float> window_weights(const net::Window& window, bool count_include_pad) {
  std::vector<float> weights;
  net::for_each_output(window, [&](std::int64_t /*output*/, std::int64_t k, std::int64_t i, std::int64_t j) {
    const std::int64_t at[3] = {k, i, j};
    std::int64_t count = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const net::WindowAxis& a = window.axes[axis];
      const std::int64_t cells_to_end =
          (a.extent + a.pad_end - a.start(at[axis]) + a.dilation - 1) / a.dilation;
      count *= count_include_pad ? std::min(a.kernel, cells_to_end) : net::taps_inside(a, at[axis]).size();
    }
    weights.push_back(1.0F / static_cast<float>(count));
  });
  return weights;
}

class AveragePoolKernel final : public AffineKernel {
 public:
  AveragePoolKernel(const net::Window& window, std::vector<float> weights, const Layout& input,
                    const Layout& output)
      : window_(window), weights_(std::move(weights)), input_(input), output_(output) {}

  void forward(const ForwardRows<float>& rows) override {
    for_each_block(rows.outputs.size(), output_, [&](std::size_t r, std::int64_t b) {
      with_block(output_.block, [&]<std::size_t B>() {
        sum_windows<B>(rows.inputs[0][r] + b * in_plane(), rows.outputs[r] + b * out_plane());
      });
    });
  }

  void backward(const BackwardRows<float>& rows) override {
    for_each_block(rows.input_gradients.size(), output_, [&](std::size_t r, std::int64_t b) {
      with_block(output_.block, [&]<std::size_t B>() {
        spread_windows<B>(rows.output_gradients[r] + b * out_plane(),
                          rows.input_gradients[r] + b * in_plane());
      });
    });
  }

 private:
  std::int64_t in_plane() const { return input_.positions * input_.block; }
  std::int64_t out_plane() const { return output_.positions * output_.block; }

  // Sums in double: a window may be a whole map.
  template <std::size_t B>
  void sum_windows(const float* x, float* y) const {
    constexpr auto kLanes = static_cast<std::int64_t>(B);
    net::for_each_output(window_, [&](std::int64_t output, std::int64_t k, std::int64_t i, std::int64_t j) {
      double sums[B] = {};
      net::for_each_inside(window_, k, i, j, [&](std::int64_t position) {
        const float* cell = x + position * kLanes;
        for (std::size_t c = 0; c < B; ++c) sums[c] += double(cell[c]);
      });
      const auto weight = static_cast<double>(weights_[static_cast<std::size_t>(output)]);
      std::transform(sums, sums + B, y + output * kLanes,
                     [=](double sum) { return static_cast<float>(weight * sum); });
    });
  }

  template <std::size_t B>
  void spread_windows(const float* dy, float* dx) const {
    constexpr auto kLanes = static_cast<std::int64_t>(B);
    std::fill_n(dx, in_plane(), 0.0F);
    net::for_each_output(window_, [&](std::int64_t output, std::int64_t k, std::int64_t i, std::int64_t j) {
      const float* gradient = dy + output * kLanes;
      float share[B];
      for (std::size_t c = 0; c < B; ++c) share[c] = weights_[static_cast<std::size_t>(output)] * gradient[c];
      net::for_each_inside(window_, k, i, j, [&](std::int64_t position) {
        float* cell = dx + position * kLanes;
        for (std::size_t c = 0; c < B; ++c) cell[c] += share[c];
      });
    });
  }

  net::Window window_;
  std::vector<float> weights_;
  Layout input_;
  Layout output_;
};

}  // namespace

KernelPointer make_average_pool(const net::AveragePool& op, const Site& site) {
  const net::Window window = net::window_of(op, site.inputs[0].shape);
  return std::make_unique<AveragePoolKernel>(window, window_weights(window, op.count_include_pad),
                                             site.inputs[0].layout, site.output.layout);
}

KernelPointer make_average_pool(const net::GlobalAveragePool& /*op*/, const Site& site) {
  const Layout& input = site.inputs[0].layout;
  net::Window window;
  window.axes[2] = {.extent = input.positions, .kernel = input.positions};
  return std::make_unique<AveragePoolKernel>(window, window_weights(window, false), input,
                                             site.output.layout);
}

}  // namespace faultline::engine::onednn
