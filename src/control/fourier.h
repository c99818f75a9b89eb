#pragma once

#include <complex>
#include <cstdint>
#include <vector>

namespace faultline::control {

// A field [H,W] of complex values, row-major.
struct ComplexField {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<std::complex<double>> values;

  ComplexField(std::int64_t h, std::int64_t w)
      : height(h), width(w), values(static_cast<std::size_t>(h * w)) {}
  std::complex<double>& at(std::int64_t y, std::int64_t x) {
    return values[static_cast<std::size_t>(y * width + x)];
  }
};

// The discrete Fourier transform in two dimensions, in place, for any extents:
//   F(k,l) = sum_(y,x) f(y,x) exp(-2 pi i (k y/H + l x/W)); the inverse divides by H W.
void transform(ComplexField& field);
void inverse_transform(ComplexField& field);

}  // namespace faultline::control
