#pragma once

#include <span>

namespace faultline::engine {

// The instruction sets that the executor's reductions are compiled for. Each adds up a fixed number of parts,
// so that results depend on the set (in the last bits) but on nothing else of the machine.
enum class VectorSet { sse2, avx2, avx512 };

// Those that this processor has, the widest last.
std::span<const VectorSet> vector_sets();
VectorSet widest_vector_set();

// Of a loop that is compiled for each set (vector_lanes.h), the one for this set.
template <class Loop>
Loop loop_for(VectorSet set, Loop sse2, Loop avx2, Loop avx512) {
  if (set == VectorSet::avx512) return avx512;
  return set == VectorSet::avx2 ? avx2 : sse2;
}

}  // namespace faultline::engine
