#pragma once

#include <complex>
#include <cstdint>
#include <type_traits>

namespace faultline::net {

// Reference kernels are templates on the scalar: float and double compute, std::complex<double>
// differentiates (complex step: f'(x) = Im f(x + i h)/h). Decisions (gates, winners) look at the real part
// only.
template <class S>
inline constexpr bool is_complex = false;
template <class T>
inline constexpr bool is_complex<std::complex<T>> = true;

template <class S>
auto real_part(const S& value) {
  if constexpr (is_complex<S>) {
    return value.real();
  } else {
    return value;
  }
}

// A count or extent as a scalar.
template <class S>
S to_scalar(std::int64_t count) {
  return S(static_cast<decltype(real_part(S{}))>(count));
}

}  // namespace faultline::net
