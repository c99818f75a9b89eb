#include "engine/common/vector_set.h"

#include <array>
#include <cstddef>

namespace faultline::engine {

std::span<const VectorSet> vector_sets() {
  static constexpr std::array kSets = {VectorSet::sse2, VectorSet::avx2, VectorSet::avx512};
  static const std::size_t count = [] {
    if (__builtin_cpu_supports("avx2") == 0 || __builtin_cpu_supports("fma") == 0) return 1U;
    return __builtin_cpu_supports("avx512f") == 0 ? 2U : 3U;
  }();
  return std::span(kSets).first(count);
}

VectorSet widest_vector_set() {
  return vector_sets().back();
}

}  // namespace faultline::engine
