#include "engine/onednn/winograd_loops.h"

#include <algorithm>

#include "engine/common/vector_lanes.h"
#include "engine/onednn/winograd_tile.h"
#include "engine/onednn/winograd_weights.h"

namespace faultline::engine::onednn {

namespace {

constexpr std::int64_t kRowTiles = 6;  // tiles whose sums stay in registers together

// Where a tile lies: its row, and the first output position that it computes.
struct TilePlace {
  std::size_t row;
  std::int64_t y;
  std::int64_t x;
};

FAULTLINE_INLINE TilePlace place_of(const WinogradShape& shape, std::int64_t tile) {
  const std::int64_t within = tile % shape.tiles();
  return {static_cast<std::size_t>(tile / shape.tiles()), within / shape.tiles_across() * kTileOutput,
          within % shape.tiles_across() * kTileOutput};
}

// The 6x6 inputs of a tile, 0 outside the map and where gates (if any) are closed.
//   map, gates: one block of channels [height][width][block].
template <bool kGated, std::int64_t B>
FAULTLINE_INLINE void read_tile(const WinogradShape& shape, const TilePlace& place, const float* map,
                                const float* gates, Lanes<B>* tile) {
  const std::int64_t top = place.y - shape.pad_top;
  const std::int64_t left = place.x - shape.pad_left;
  const bool is_inside = top >= 0 && left >= 0 && top + kTileInput <= shape.input_height &&
                         left + kTileInput <= shape.input_width;
  for (std::int64_t i = 0; i < kTileInput; ++i) {
#pragma GCC unroll 6
    for (std::int64_t j = 0; j < kTileInput; ++j) {
      Lanes<B>& value = tile[i * kTileInput + j];
      const std::int64_t y = top + i;
      const std::int64_t x = left + j;
      if (!is_inside && (y < 0 || x < 0 || y >= shape.input_height || x >= shape.input_width)) {
        value = Lanes<B>{};
        continue;
      }
      const std::int64_t offset = (y * shape.input_width + x) * B;
      load(map + offset, value);
      if (kGated) close_gates(gates + offset, value);
    }
  }
}

template <bool kGated, std::int64_t B>
FAULTLINE_INLINE void transform_tasks(const WinogradCall& call, const WinogradBlock& block,
                                      std::int64_t first, std::int64_t last) {
  const WinogradShape& shape = call.shape;
  const std::int64_t plane = shape.input_height * shape.input_width * B;
  const std::int64_t stride = shape.transformed_stride(block.tiles);
  for (std::int64_t task = first; task < last; ++task) {
    const std::int64_t input_block = task / block.tiles;
    const std::int64_t tile = task % block.tiles;
    const TilePlace place = place_of(shape, block.first + tile);
    Lanes<B> values[kTileProducts];
    Lanes<B> columns[kTileProducts];
    read_tile<kGated, B>(shape, place, call.rows.inputs[place.row] + input_block * plane,
                         kGated ? call.rows.input_gates[place.row] + input_block * plane : nullptr, values);
    for (std::size_t j = 0; j < 6; ++j) transform_input(values + j, columns + j, 6);
    float* out = block.transformed + tile * shape.tile_stride() + input_block * B;
    for (std::int64_t i = 0; i < 6; ++i) {
      Lanes<B> line[6];
      transform_input(columns + i * 6, line, 1);
#pragma GCC unroll 6
      for (std::int64_t j = 0; j < 6; ++j) store(line[j], out + (i * 6 + j) * stride);
    }
  }
}

// Sums of T tiles with N blocks of outputs: products[n][t] = sum_c transformed[t][c] weights[c][n], c
// ascending.
template <std::int64_t T, std::int64_t N, std::int64_t B>
FAULTLINE_INLINE void multiply_tiles(const float* transformed, std::int64_t tile_stride, const float* weights,
                                     std::int64_t inputs, float* products, std::int64_t block_stride) {
  Lanes<B> sums[std::size_t{T}][std::size_t{N}] = {};
  for (std::int64_t c = 0; c < inputs; ++c) {
    Lanes<B> filters[std::size_t{N}];
#pragma GCC unroll 4
    for (std::int64_t n = 0; n < N; ++n) {
      load(weights + (c * N + n) * B, filters[n]);
      __builtin_prefetch(weights + ((c + 16) * N + n) * B);
    }
#pragma GCC unroll 6
    for (std::int64_t t = 0; t < T; ++t) {
      const float value = transformed[t * tile_stride + c];
#pragma GCC unroll 4
      for (std::int64_t n = 0; n < N; ++n) sums[t][n] += value * filters[n];
    }
  }
#pragma GCC unroll 6
  for (std::int64_t t = 0; t < T; ++t) {
#pragma GCC unroll 4
    for (std::int64_t n = 0; n < N; ++n) store(sums[t][n], products + n * block_stride + t * B);
  }
}

// All tiles of the block with one group of N output blocks, in even parts of at most kRowTiles.
template <std::int64_t N, std::int64_t B>
FAULTLINE_INLINE void multiply_group(const WinogradShape& shape, const WinogradBlock& block,
                                     const float* transformed, const float* weights, float* products) {
  const std::int64_t stride = shape.tile_stride();
  const std::int64_t inputs = shape.inputs();
  const std::int64_t block_stride = block.tiles * B;
  const std::int64_t parts = (block.tiles + kRowTiles - 1) / kRowTiles;
  for (std::int64_t part = 0; part < parts; ++part) {
    const std::int64_t t = part * block.tiles / parts;
    const float* in = transformed + t * stride;
    float* out = products + t * B;
    switch ((part + 1) * block.tiles / parts - t) {
      case 1:
        multiply_tiles<1, N, B>(in, stride, weights, inputs, out, block_stride);
        break;
      case 2:
        multiply_tiles<2, N, B>(in, stride, weights, inputs, out, block_stride);
        break;
      case 3:
        multiply_tiles<3, N, B>(in, stride, weights, inputs, out, block_stride);
        break;
      case 4:
        multiply_tiles<4, N, B>(in, stride, weights, inputs, out, block_stride);
        break;
      case 5:
        multiply_tiles<5, N, B>(in, stride, weights, inputs, out, block_stride);
        break;
      default:
        multiply_tiles<kRowTiles, N, B>(in, stride, weights, inputs, out, block_stride);
    }
  }
}

template <std::int64_t B>
FAULTLINE_INLINE void multiply_tasks(const WinogradCall& call, const WinogradBlock& block, std::int64_t first,
                                     std::int64_t last) {
  const WinogradShape& shape = call.shape;
  constexpr std::int64_t kGroup = product_blocks(B);
  const std::int64_t groups = (shape.output_blocks + kGroup - 1) / kGroup;
  for (std::int64_t task = first; task < last; ++task) {
    const std::int64_t xi = task / groups;
    const std::int64_t output_block = task % groups * kGroup;
    const float* transformed = block.transformed + xi * shape.transformed_stride(block.tiles);
    const float* weights = call.weights + (xi * shape.output_blocks + output_block) * shape.inputs() * B;
    float* products =
        block.products + xi * shape.product_stride(block.tiles) + output_block * block.tiles * B;
    const std::int64_t count = std::min(kGroup, shape.output_blocks - output_block);
    if (count == kGroup) {
      multiply_group<kGroup, B>(shape, block, transformed, weights, products);
    } else if (count == 1) {
      multiply_group<1, B>(shape, block, transformed, weights, products);
    } else if (count == 2) {
      multiply_group<2, B>(shape, block, transformed, weights, products);
    } else {
      multiply_group<3, B>(shape, block, transformed, weights, products);
    }
  }
}

enum class Finish { plain, relu, gated };

template <Finish kFinish, std::int64_t B>
FAULTLINE_INLINE void finish_tasks(const WinogradCall& call, const WinogradBlock& block, std::int64_t first,
                                   std::int64_t last) {
  const WinogradShape& shape = call.shape;
  const std::int64_t plane = shape.output_height * shape.output_width * B;
  const std::int64_t stride = shape.product_stride(block.tiles);
  for (std::int64_t task = first; task < last; ++task) {
    const std::int64_t output_block = task / block.tiles;
    const std::int64_t tile = task % block.tiles;
    const TilePlace place = place_of(shape, block.first + tile);
    const float* in = block.products + task * B;
    Lanes<B> columns[24];
    for (std::size_t j = 0; j < 6; ++j) {
      Lanes<B> values[6];
#pragma GCC unroll 6
      for (std::size_t i = 0; i < 6; ++i) load(in + static_cast<std::int64_t>(i * 6 + j) * stride, values[i]);
      transform_output(values, 1, columns + j, 6);
    }
    Lanes<B> bias;
    load(call.bias + output_block * B, bias);
    float* map = call.rows.outputs[place.row] + output_block * plane;
    const float* gates =
        kFinish == Finish::gated ? call.rows.output_gates[place.row] + output_block * plane : nullptr;
    for (std::int64_t i = 0; i < std::min(kTileOutput, shape.output_height - place.y); ++i) {
      Lanes<B> line[4];
      transform_output(columns + i * 6, 1, line, 1);
      const std::int64_t offset = ((place.y + i) * shape.output_width + place.x) * B;
      for (std::int64_t j = 0; j < std::min(kTileOutput, shape.output_width - place.x); ++j) {
        Lanes<B> value = line[j] + bias;
        if (kFinish == Finish::relu) value = value > 0.0F ? value : Lanes<B>{};
        if (kFinish == Finish::gated) close_gates(gates + offset + j * B, value);
        store(value, map + offset + j * B);
      }
    }
  }
}

template <std::int64_t B>
FAULTLINE_INLINE void transform(const WinogradCall& call, const WinogradBlock& block, std::int64_t first,
                                std::int64_t last) {
  if (call.rows.input_gates.empty()) {
    transform_tasks<false, B>(call, block, first, last);
  } else {
    transform_tasks<true, B>(call, block, first, last);
  }
}

template <std::int64_t B>
FAULTLINE_INLINE void finish(const WinogradCall& call, const WinogradBlock& block, std::int64_t first,
                             std::int64_t last) {
  if (!call.rows.output_gates.empty()) {
    finish_tasks<Finish::gated, B>(call, block, first, last);
  } else if (call.relu) {
    finish_tasks<Finish::relu, B>(call, block, first, last);
  } else {
    finish_tasks<Finish::plain, B>(call, block, first, last);
  }
}

using Call = const WinogradCall&;
using Block = const WinogradBlock&;
using Task = std::int64_t;

FAULTLINE_AVX2 void transform_avx2(Call call, Block block, Task first, Task last) {
  transform<8>(call, block, first, last);
}
FAULTLINE_AVX2 void multiply_avx2(Call call, Block block, Task first, Task last) {
  multiply_tasks<8>(call, block, first, last);
}
FAULTLINE_AVX2 void finish_avx2(Call call, Block block, Task first, Task last) {
  finish<8>(call, block, first, last);
}

FAULTLINE_AVX512 void transform_avx512(Call call, Block block, Task first, Task last) {
  transform<16>(call, block, first, last);
}
FAULTLINE_AVX512 void multiply_avx512(Call call, Block block, Task first, Task last) {
  multiply_tasks<16>(call, block, first, last);
}
FAULTLINE_AVX512 void finish_avx512(Call call, Block block, Task first, Task last) {
  finish<16>(call, block, first, last);
}

}  // namespace

WinogradLoops winograd_loops(std::int64_t block) {
  if (block == 16) return {transform_avx512, multiply_avx512, finish_avx512};
  return {transform_avx2, multiply_avx2, finish_avx2};
}

}  // namespace faultline::engine::onednn
