#pragma once

#include <cstddef>

namespace faultline {

// A count or position, held as int, as an index of standard containers.
constexpr std::size_t index(int i) {
  return static_cast<std::size_t>(i);
}

}  // namespace faultline
