#pragma once

#include <span>

namespace faultline::engine {

// The instruction sets that the executor's reductions are compiled for. Each adds up a fixed number of parts,
// so that results depend on the set (in the last bits) but on nothing else of the machine.
enum class VectorSet { sse2, avx2, avx512 };

// Those that this processor has, the widest last.
std::span<const VectorSet> vector_sets();
VectorSet widest_vector_set();

}  // namespace faultline::engine
