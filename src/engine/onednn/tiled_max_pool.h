#pragma once

#include <cstdint>

#include "net/ops/window.h"

namespace faultline::engine::onednn {

// Max pooling of one block of channels [positions][block] whose windows tile the map: kernel = stride, no
// pads, no dilation, so that no position belongs to two windows.
struct TiledMaxPool {
  // y and the winning position of each lane, the first in row-major order of those that tie; NaN wins.
  void (*forward)(const net::Window& window, const float* x, float* y, std::int32_t* winners);
  // dx = dy at the winners, 0 elsewhere; every position is written once.
  void (*backward)(const net::Window& window, const float* dy, const std::int32_t* winners, float* dx);
};

bool is_tiled(const net::Window& window);
// Of blocks of 16 (AVX-512) or 8 (AVX2); the processor must have them.
TiledMaxPool tiled_max_pool(std::int64_t block);

}  // namespace faultline::engine::onednn
