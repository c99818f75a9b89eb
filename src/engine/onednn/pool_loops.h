#pragma once

#include <cstdint>

#include "base/parallel.h"
#include "engine/kernel.h"
#include "net/ops/window.h"

namespace faultline::engine::onednn {

// Calls body(row, block of channels) for all blocks of all rows, in parallel.
template <class Body>
void for_each_block(std::size_t rows, const Layout& layout, const Body& body) {
  const std::int64_t blocks = layout.padded_channels() / layout.block;
  parallel_for(static_cast<std::int64_t>(rows) * blocks,
               [&](std::int64_t i) { body(static_cast<std::size_t>(i / blocks), i % blocks); });
}

// Calls body.template operator()<B>() with the layout's block as a constant, so that loops over it unroll.
template <class Body>
void with_block(std::int64_t block, const Body& body) {
  if (block == 16) {
    body.template operator()<16>();
  } else if (block == 8) {
    body.template operator()<8>();
  } else {
    body.template operator()<1>();
  }
}

}  // namespace faultline::engine::onednn
