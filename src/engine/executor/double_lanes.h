#pragma once

#include <cstdint>
#include <cstring>

// Several doubles that are computed with at once. Loops over them are templates on their number that are
// inlined whole into one function for each instruction set; values go by reference, as wide vectors have no
// calling convention where the set is not enabled.
#define FAULTLINE_INLINED [[gnu::always_inline]] inline
#define FAULTLINE_FOR_AVX2 [[gnu::target("avx2,fma"), gnu::noinline]]
#define FAULTLINE_FOR_AVX512 [[gnu::target("avx512f,fma"), gnu::noinline]]

namespace faultline::engine {

template <int L>
struct LanesOf {
  using Doubles __attribute__((vector_size(8 * L))) = double;
  using Floats __attribute__((vector_size(4 * L))) = float;
};
template <int L>
using DoubleLanes = typename LanesOf<L>::Doubles;

// L values from memory of any alignment; floats are widened.
template <int L>
FAULTLINE_INLINED void load(const double* from, DoubleLanes<L>& lanes) {
  std::memcpy(&lanes, from, sizeof(lanes));
}
template <int L>
FAULTLINE_INLINED void load(const float* from, DoubleLanes<L>& lanes) {
  typename LanesOf<L>::Floats floats;
  std::memcpy(&floats, from, sizeof(floats));
  lanes = __builtin_convertvector(floats, DoubleLanes<L>);
}
template <int L>
FAULTLINE_INLINED void store(const DoubleLanes<L>& lanes, double* to) {
  std::memcpy(to, &lanes, sizeof(lanes));
}

}  // namespace faultline::engine
