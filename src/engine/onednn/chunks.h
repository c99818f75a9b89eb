#pragma once

#include <algorithm>
#include <cstdint>

#include "base/parallel.h"

namespace faultline::engine::onednn {

// Calls body(first, last) for consecutive chunks of [0, elements), in parallel where there is more than one.
// The chunks do not depend on the number of threads.
template <class Body>
void for_each_chunk(std::int64_t elements, const Body& body) {
  constexpr std::int64_t kChunk = 1 << 14;
  if (elements <= kChunk) {
    body(std::int64_t{0}, elements);
    return;
  }
  parallel_for((elements + kChunk - 1) / kChunk,
               [&](std::int64_t i) { body(i * kChunk, std::min((i + 1) * kChunk, elements)); });
}

}  // namespace faultline::engine::onednn
