#pragma once

#include <cstdint>

#include "engine/onednn/conv_path.h"

namespace faultline::engine::onednn {

// One direction of a 3x3 convolution of stride 1 as Winograd products see it: maps
// [blocks][height][width][block].
struct WinogradShape {
  std::int64_t block = 16;
  std::int64_t input_blocks = 1;
  std::int64_t output_blocks = 1;
  std::int64_t input_height = 1;
  std::int64_t input_width = 1;
  std::int64_t output_height = 1;
  std::int64_t output_width = 1;
  std::int64_t pad_top = 0;
  std::int64_t pad_left = 0;

  std::int64_t tiles_down() const { return (output_height + 3) / 4; }
  std::int64_t tiles_across() const { return (output_width + 3) / 4; }
  std::int64_t tiles() const { return tiles_down() * tiles_across(); }  // of one row
  std::int64_t inputs() const { return input_blocks * block; }
  std::int64_t outputs() const { return output_blocks * block; }

  // Floats between two tiles' transformed inputs, and between two of the 36 products: one block more than
  // there are, so that what is read together does not fall into the same cache sets.
  std::int64_t tile_stride() const { return inputs() + block; }
  std::int64_t transformed_stride(std::int64_t tiles) const { return tiles * tile_stride() + block; }
  std::int64_t product_stride(std::int64_t tiles) const { return tiles * outputs() + block; }
};

// Some consecutive tiles of all rows, which go through the three phases together.
struct WinogradBlock {
  std::int64_t first = 0;
  std::int64_t tiles = 0;
  float* transformed = nullptr;  // [36][tiles][inputs], strides as above
  float* products = nullptr;     // [36][output blocks][tiles][block]
};

struct WinogradCall {
  WinogradShape shape;
  const float* weights = nullptr;  // as winograd_weights
  const float* bias = nullptr;     // [outputs]
  bool relu = false;
  ConvRows rows = {};
};

// The three phases over tasks [first, last), which are independent of each other within a phase:
//   transform  B^T d B of task = (input block, tile); products  of task = (xi, group of output blocks);
//   finish     A^T m A + bias, ReLU or gates, of task = (output block, tile).
// Each is one function for each instruction set, so that a result does not depend on who calls it.
using WinogradPhase = void (*)(const WinogradCall&, const WinogradBlock&, std::int64_t first,
                               std::int64_t last);
struct WinogradLoops {
  WinogradPhase transform;
  WinogradPhase multiply;
  WinogradPhase finish;
};

// Of blocks of 16 (AVX-512) or 8 (AVX2, FMA); the processor must have them.
WinogradLoops winograd_loops(std::int64_t block);

}  // namespace faultline::engine::onednn
