#pragma once

#include <cstdint>
#include <cstring>

// Loops that are compiled for several instruction sets, of which one is taken at run time: written once as
// templates over the number of lanes, always inlined into one function for each set, which carries the target
// attribute.
//   Values go by reference: where the set is not enabled, wide vectors have no calling convention.
#define FAULTLINE_INLINE [[gnu::always_inline]] inline
#define FAULTLINE_AVX2 [[gnu::target("avx2,fma"), gnu::noinline]]
#define FAULTLINE_AVX512 [[gnu::target("avx512f,fma"), gnu::noinline]]

namespace faultline::engine {

template <class T, std::int64_t N>
struct VectorOf {
  using Type __attribute__((vector_size(N * sizeof(T)))) = T;
};
// N values that are computed with at once.
template <std::int64_t N>
using Lanes = typename VectorOf<float, N>::Type;
template <std::int64_t N>
using IntLanes = typename VectorOf<std::int32_t, N>::Type;
template <std::int64_t N>
using DoubleLanes = typename VectorOf<double, N>::Type;

// From and to memory of any alignment.
template <class L>
FAULTLINE_INLINE void load(const float* from, L& lanes) {
  std::memcpy(&lanes, from, sizeof(L));
}
template <class L>
FAULTLINE_INLINE void store(const L& lanes, float* to) {
  std::memcpy(to, &lanes, sizeof(L));
}

// Doubles, from doubles or from floats.
template <std::int64_t N>
FAULTLINE_INLINE void load(const double* from, DoubleLanes<N>& lanes) {
  std::memcpy(&lanes, from, sizeof(lanes));
}
template <std::int64_t N>
FAULTLINE_INLINE void load(const float* from, DoubleLanes<N>& lanes) {
  Lanes<N> floats;
  std::memcpy(&floats, from, sizeof(floats));
  lanes = __builtin_convertvector(floats, DoubleLanes<N>);
}
template <std::int64_t N>
FAULTLINE_INLINE void store(const DoubleLanes<N>& lanes, double* to) {
  std::memcpy(to, &lanes, sizeof(lanes));
}

// 0 where the gate is not open: gate > 0.
template <class L>
FAULTLINE_INLINE void close_gates(const float* gates, L& lanes) {
  L gate;
  load(gates, gate);
  lanes = gate > 0.0F ? lanes : L{};
}

}  // namespace faultline::engine
