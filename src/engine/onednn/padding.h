#pragma once

#include <algorithm>

#include "engine/kernel.h"

namespace faultline::engine::onednn {

inline bool has_padding(const Layout& layout) {
  return layout.padded_channels() != layout.channels;
}

// Sets the channels that exist only to fill the last block to 0.
inline void clear_padding(const Layout& layout, float* row) {
  if (!has_padding(layout)) return;
  const std::int64_t first = layout.channels % layout.block;
  float* last_block = row + (layout.padded_channels() - layout.block) * layout.positions;
  for (std::int64_t p = 0; p < layout.positions; ++p) {
    std::fill(last_block + p * layout.block + first, last_block + (p + 1) * layout.block, 0.0F);
  }
}

}  // namespace faultline::engine::onednn
