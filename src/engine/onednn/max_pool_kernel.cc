#include "engine/onednn/max_pool_kernel.h"

#include <algorithm>
#include <optional>

#include "engine/onednn/pool_loops.h"
#include "engine/onednn/tiled_max_pool.h"

namespace faultline::engine::onednn {

namespace {

// The best of each lane of B channels over one window, and where it lies.
template <std::size_t B>
struct Best {
  float values[B];
  std::int32_t positions[B];

  void start(const float* candidates, std::int64_t position) {
    for (std::size_t k = 0; k < B; ++k) {
      values[k] = candidates[k];
      positions[k] = static_cast<std::int32_t>(position);
    }
  }
  // NaN beats every number and loses to nothing.
  void consider(const float* candidates, std::int64_t position) {
    for (std::size_t k = 0; k < B; ++k) {
      const bool wins = !(candidates[k] <= values[k]) && values[k] == values[k];
      values[k] = wins ? candidates[k] : values[k];
      positions[k] = wins ? static_cast<std::int32_t>(position) : positions[k];
    }
  }
};

template <std::size_t B>
void pool_plane(const net::Window& window, const float* x, float* y, std::int32_t* winners) {
  constexpr auto kLanes = static_cast<std::int64_t>(B);
  net::for_each_output(window, [&](std::int64_t output, std::int64_t k, std::int64_t i, std::int64_t j) {
    Best<B> best = {};
    bool is_first = true;
    net::for_each_inside(window, k, i, j, [&](std::int64_t position) {
      is_first ? best.start(x + position * kLanes, position) : best.consider(x + position * kLanes, position);
      is_first = false;
    });
    std::copy_n(best.values, B, y + output * kLanes);
    std::copy_n(best.positions, B, winners + output * kLanes);
  });
}

class MaxPoolKernel final : public FloatKernel {
 public:
  MaxPoolKernel(const net::Window& window, const Layout& input, const Layout& output)
      : window_(window), input_(input), output_(output) {
    if (output.block > 1 && input.block == output.block && is_tiled(window))
      tiled_ = tiled_max_pool(output.block);
  }

  void forward(const ForwardRows<float>& rows) override {
    for_each_block(rows.outputs.size(), output_, [&](std::size_t r, std::int64_t b) {
      const float* x = rows.inputs[0][r] + b * in_plane();
      float* y = rows.outputs[r] + b * out_plane();
      std::int32_t* winners = rows.winners[r] + b * out_plane();
      if (tiled_) return tiled_->forward(window_, x, y, winners);
      with_block(output_.block, [&]<std::size_t B>() { pool_plane<B>(window_, x, y, winners); });
    });
  }

  void backward(const BackwardRows<float>& rows) override {
    for_each_block(rows.input_gradients.size(), input_, [&](std::size_t r, std::int64_t b) {
      float* dx = rows.input_gradients[r] + b * in_plane();
      const float* dy = rows.output_gradients[r] + b * out_plane();
      const std::int32_t* winners = rows.winners[r] + b * out_plane();
      if (tiled_) return tiled_->backward(window_, dy, winners, dx);
      std::fill_n(dx, in_plane(), 0.0F);
      for (std::int64_t i = 0; i < out_plane(); ++i) {
        dx[winners[i] * output_.block + i % output_.block] += dy[i];
      }
    });
  }

  void tangent(const TangentRows<float>& rows) override {
    for_each_block(rows.outputs.size(), output_, [&](std::size_t r, std::int64_t b) {
      const float* x = rows.inputs[0][r] + b * in_plane();
      const std::int32_t* winners = rows.recorded_winners[r] + b * out_plane();
      float* y = rows.outputs[r] + b * out_plane();
      for (std::int64_t i = 0; i < out_plane(); ++i) y[i] = x[winners[i] * output_.block + i % output_.block];
    });
  }

  std::int64_t winners_per_row() const override { return output_.row_elements(); }

 private:
  std::int64_t in_plane() const { return input_.positions * input_.block; }
  std::int64_t out_plane() const { return output_.positions * output_.block; }

  net::Window window_;
  Layout input_;
  Layout output_;
  std::optional<TiledMaxPool> tiled_ = std::nullopt;  // where windows do not overlap
};

}  // namespace

KernelPointer make_max_pool(const net::MaxPool& op, const Site& site) {
  return std::make_unique<MaxPoolKernel>(net::window_of(op, site.inputs[0].shape), site.inputs[0].layout,
                                         site.output.layout);
}

}  // namespace faultline::engine::onednn
