#include "engine/onednn/tiled_max_pool.h"

#include <algorithm>

#include "engine/common/vector_lanes.h"

namespace faultline::engine::onednn {

namespace {

// The larger of two values and where it lies, lane by lane. NaN beats every number and loses to nothing.
//   A loop over arrays: g++ 12 computes comparisons of its vector type element by element.
template <std::int64_t B>
FAULTLINE_INLINE void consider(const float* values, std::int32_t position, float* best,
                               std::int32_t* winner) {
#pragma omp simd
  for (std::int64_t k = 0; k < B; ++k) {
    const bool keeps = (values[k] <= best[k]) | (best[k] != best[k]);
    best[k] = keeps ? best[k] : values[k];
    winner[k] = keeps ? winner[k] : position;
  }
}

template <std::int64_t B>
FAULTLINE_INLINE void forward(const net::Window& window, const float* x, float* y, std::int32_t* winners) {
  const net::WindowAxis& down = window.height();
  const net::WindowAxis& across = window.width();
  for (std::int64_t i = 0; i < down.outputs; ++i) {
    for (std::int64_t j = 0; j < across.outputs; ++j) {
      std::int64_t position = i * down.stride * across.extent + j * across.stride;
      float best[std::size_t{B}];
      std::int32_t winner[std::size_t{B}];
      for (std::int64_t k = 0; k < B; ++k) {
        best[k] = x[position * B + k];
        winner[k] = static_cast<std::int32_t>(position);
      }
      for (std::int64_t u = 0; u < down.kernel; ++u, position += across.extent) {
        for (std::int64_t v = u == 0 ? 1 : 0; v < across.kernel; ++v)
          consider<B>(x + (position + v) * B, static_cast<std::int32_t>(position + v), best, winner);
      }
      std::memcpy(y, best, sizeof(best));
      std::memcpy(winners, winner, sizeof(winner));
      y += B;
      winners += B;
    }
  }
}

template <std::int64_t B>
FAULTLINE_INLINE void backward(const net::Window& window, const float* dy, const std::int32_t* winners,
                               float* dx) {
  const net::WindowAxis& down = window.height();
  const net::WindowAxis& across = window.width();
  const std::int64_t covered = across.outputs * across.kernel;
  for (std::int64_t y = 0; y < down.extent; ++y) {
    const std::int64_t i = y / down.kernel;
    float* line = dx + y * across.extent * B;
    const bool is_covered = i < down.outputs;
    for (std::int64_t j = 0; is_covered && j < across.outputs; ++j) {
      const std::int64_t output = (i * across.outputs + j) * B;
      Lanes<B> gradient;
      load(dy + output, gradient);
      IntLanes<B> winner;
      std::memcpy(&winner, winners + output, sizeof(winner));
      for (std::int64_t v = 0; v < across.kernel; ++v) {
        const std::int64_t x = j * across.kernel + v;
        const Lanes<B> value =
            winner == static_cast<std::int32_t>(y * across.extent + x) ? gradient : Lanes<B>{};
        store(value, line + x * B);
      }
    }
    const std::int64_t rest = is_covered ? covered : 0;
    std::fill(line + rest * B, line + across.extent * B, 0.0F);
  }
}

FAULTLINE_AVX2 void forward_avx2(const net::Window& window, const float* x, float* y, std::int32_t* winners) {
  forward<8>(window, x, y, winners);
}
FAULTLINE_AVX2 void backward_avx2(const net::Window& window, const float* dy, const std::int32_t* winners,
                                  float* dx) {
  backward<8>(window, dy, winners, dx);
}
FAULTLINE_AVX512 void forward_avx512(const net::Window& window, const float* x, float* y,
                                     std::int32_t* winners) {
  forward<16>(window, x, y, winners);
}
FAULTLINE_AVX512 void backward_avx512(const net::Window& window, const float* dy, const std::int32_t* winners,
                                      float* dx) {
  backward<16>(window, dy, winners, dx);
}

bool tiles(const net::WindowAxis& axis) {
  return axis.kernel == axis.stride && axis.dilation == 1 && axis.pad_begin == 0 &&
         axis.outputs * axis.stride <= axis.extent;
}

}  // namespace

bool is_tiled(const net::Window& window) {
  return window.spatial_rank <= 2 && tiles(window.height()) && tiles(window.width());
}

TiledMaxPool tiled_max_pool(std::int64_t block) {
  if (block == 16) return {forward_avx512, backward_avx512};
  return {forward_avx2, backward_avx2};
}

}  // namespace faultline::engine::onednn
