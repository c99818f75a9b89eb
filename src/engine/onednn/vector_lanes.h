#pragma once

#include <cstdint>
#include <cstring>

// Loops that are compiled for several instruction sets, of which one is taken at run time: written once as
// templates over the number of lanes, always inlined into one function for each set, which carries the target
// attribute.
//   Values are passed by reference: without the attribute, wide vectors have no calling convention.
#define FAULTLINE_INLINE inline __attribute__((always_inline))
#define FAULTLINE_AVX2 __attribute__((target("avx2,fma"), noinline))
#define FAULTLINE_AVX512 __attribute__((target("avx512f,fma"), noinline))

namespace faultline::engine::onednn {

template <std::int64_t B>
struct VectorOf;
template <>
struct VectorOf<8> {
  using Type = float __attribute__((vector_size(32)));
  using Ints = std::int32_t __attribute__((vector_size(32)));
};
template <>
struct VectorOf<16> {
  using Type = float __attribute__((vector_size(64)));
  using Ints = std::int32_t __attribute__((vector_size(64)));
};
// B floats that are computed with at once.
template <std::int64_t B>
using Lanes = typename VectorOf<B>::Type;
template <std::int64_t B>
using IntLanes = typename VectorOf<B>::Ints;

template <class L>
FAULTLINE_INLINE void load(const float* from, L& lanes) {
  std::memcpy(&lanes, from, sizeof(L));
}

template <class L>
FAULTLINE_INLINE void store(const L& lanes, float* to) {
  std::memcpy(to, &lanes, sizeof(L));
}

// 0 where the gate is not open: gate > 0.
template <class L>
FAULTLINE_INLINE void close_gates(const float* gates, L& lanes) {
  L gate;
  load(gates, gate);
  lanes = gate > 0.0F ? lanes : L{};
}

}  // namespace faultline::engine::onednn
