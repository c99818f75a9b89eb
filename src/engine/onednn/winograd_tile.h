#pragma once

#include <cstddef>

#include "engine/common/vector_lanes.h"

namespace faultline::engine::onednn {

// Winograd's minimal filtering F(4x4, 3x3) (Lavin & Gray 2016): a tile of 4x4 outputs from 6x6 inputs d and a
// 3x3 filter w,
//   Y = A^T ((G w G^T) . (B^T d B)) A,   36 products in place of 144.
// The interpolation points are 0, +-5/8, +-3/2 and infinity: dyadic, so that the constants are exact, and
// with a third of the round-off of the usual 0, +-1, +-2.
constexpr std::int64_t kTileInput = 6;
constexpr std::int64_t kTileOutput = 4;
constexpr std::int64_t kTileProducts = kTileInput * kTileInput;

namespace winograd {
constexpr float kA = 0.625F;
constexpr float kB = 1.5F;
constexpr float kA2 = kA * kA;
constexpr float kB2 = kB * kB;
}  // namespace winograd

// out = B^T in of six values, `stride` apart in both.
template <class L>
FAULTLINE_INLINE void transform_input(const L* in, L* out, std::size_t stride) {
  using namespace winograd;
  const L& d0 = in[0];
  const L& d1 = in[stride];
  const L& d2 = in[2 * stride];
  const L& d3 = in[3 * stride];
  const L& d4 = in[4 * stride];
  const L& d5 = in[5 * stride];
  const L even_b = d4 - kB2 * d2;
  const L odd_b = kA * d3 - kA * kB2 * d1;
  const L even_a = d4 - kA2 * d2;
  const L odd_a = kB * d3 - kB * kA2 * d1;
  out[0] = kA2 * kB2 * d0 + (d4 - (kA2 + kB2) * d2);
  out[stride] = even_b + odd_b;
  out[2 * stride] = even_b - odd_b;
  out[3 * stride] = even_a + odd_a;
  out[4 * stride] = even_a - odd_a;
  out[5 * stride] = kA2 * kB2 * d1 + (d5 - (kA2 + kB2) * d3);
}

// out = A^T in: four values from six.
template <class L>
FAULTLINE_INLINE void transform_output(const L* in, std::size_t in_stride, L* out, std::size_t out_stride) {
  using namespace winograd;
  const L sum_a = in[in_stride] + in[2 * in_stride];
  const L difference_a = in[in_stride] - in[2 * in_stride];
  const L sum_b = in[3 * in_stride] + in[4 * in_stride];
  const L difference_b = in[3 * in_stride] - in[4 * in_stride];
  out[0] = in[0] + sum_a + sum_b;
  out[out_stride] = kA * difference_a + kB * difference_b;
  out[2 * out_stride] = kA2 * sum_a + kB2 * sum_b;
  out[3 * out_stride] = kA * kA2 * difference_a + kB * kB2 * difference_b + in[5 * in_stride];
}

}  // namespace faultline::engine::onednn
