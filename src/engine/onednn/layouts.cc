#include "engine/onednn/layouts.h"

#include <algorithm>
#include <oneapi/dnnl/dnnl.hpp>

#include "base/error.h"
#include "base/parallel.h"

namespace faultline::engine::onednn {

namespace {

using dnnl::memory;

// Whether both directions of an ordinary 3x3 convolution have a fast implementation on this layout.
bool is_fast(const dnnl::engine& engine, memory::format_tag tag) {
  const memory::desc values({1, 64, 16, 16}, memory::data_type::f32, tag);
  const memory::desc weights({64, 64, 3, 3}, memory::data_type::f32, memory::format_tag::any);
  const memory::dims one{1, 1};
  const dnnl::convolution_forward::primitive_desc forward(
      {dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, values, weights, values, one,
       one, one},
      engine);
  const dnnl::convolution_backward_data::primitive_desc backward(
      {dnnl::algorithm::convolution_direct, values, weights, values, one, one, one}, engine, forward);
  const auto is_reference = [](std::string_view implementation) { return implementation.starts_with("ref"); };
  return !is_reference(forward.impl_info_str()) && !is_reference(backward.impl_info_str());
}

constexpr std::int64_t kTile = 256;  // positions converted at a time, so that a block's planes stay in cache

// Calls body(block of channels, first position, last position) over the whole row.
template <class Body>
void for_each_tile(const Layout& layout, std::int64_t block, const Body& body) {
  const std::int64_t blocks = (layout.channels + block - 1) / block;
  const std::int64_t tiles = (layout.positions + kTile - 1) / kTile;
  const auto one = [&](std::int64_t i) {
    const std::int64_t first = i % tiles * kTile;
    body(i / tiles, first, std::min(first + kTile, layout.positions));
  };
  if (layout.row_elements() > 4 * kTile * block) {
    parallel_for(blocks * tiles, one);
  } else {
    for (std::int64_t i = 0; i < blocks * tiles; ++i) one(i);
  }
}

void to_blocked(const Layout& layout, std::int64_t block, const float* source, float* destination) {
  for_each_tile(layout, block, [&](std::int64_t b, std::int64_t first, std::int64_t last) {
    const std::int64_t present = std::min(block, layout.channels - b * block);
    const float* planes = source + b * block * layout.positions;
    float* out = destination + b * block * layout.positions;
    for (std::int64_t c = 0; c < block; ++c) {
      for (std::int64_t p = first; p < last; ++p) {
        out[p * block + c] = c < present ? planes[c * layout.positions + p] : 0.0F;
      }
    }
  });
}

void to_plain(const Layout& layout, std::int64_t block, const float* source, float* destination) {
  for_each_tile(layout, block, [&](std::int64_t b, std::int64_t first, std::int64_t last) {
    const std::int64_t present = std::min(block, layout.channels - b * block);
    const float* in = source + b * block * layout.positions;
    float* planes = destination + b * block * layout.positions;
    for (std::int64_t c = 0; c < present; ++c) {
      for (std::int64_t p = first; p < last; ++p) planes[c * layout.positions + p] = in[p * block + c];
    }
  });
}

}  // namespace

std::int64_t channel_block() {
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  if (is_fast(engine, memory::format_tag::nChw16c)) return 16;
  return is_fast(engine, memory::format_tag::nChw8c) ? 8 : 1;
}

Layout layout_of(const Shape& sample_shape, std::int64_t block) {
  if (sample_shape.rank() == 0) return {};
  const bool is_map = sample_shape.rank() == 3 && sample_shape[0] > 4;
  return {sample_shape[0], sample_shape.elements(1, sample_shape.rank()), is_map ? block : 1};
}

Layout plain(const Layout& layout) {
  return {layout.channels, layout.positions, 1};
}

Layout blocked(const Layout& layout, std::int64_t block) {
  return {layout.channels, layout.positions, block};
}

void convert_row(const Layout& from, const float* source, const Layout& to, float* destination) {
  require(from.channels * from.positions == to.channels * to.positions, "convert_row: different values");
  if (from == to || (from.block == 1 && to.block == 1)) {
    std::copy_n(source, from.row_elements(), destination);
  } else if (from.block == 1) {
    to_blocked(to, to.block, source, destination);
  } else {
    require(to.block == 1, "convert_row: between two blocked layouts");
    to_plain(from, from.block, source, destination);
  }
}

}  // namespace faultline::engine::onednn
