#include "control/fourier.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/philox.h"

namespace faultline::control {
namespace {

ComplexField random_field(std::int64_t height, std::int64_t width) {
  const RandomStream stream(5, "field");
  ComplexField field(height, width);
  for (std::size_t i = 0; i < field.values.size(); ++i) {
    field.values[i] = {stream.normal(2 * i), stream.normal(2 * i + 1)};
  }
  return field;
}

std::complex<double> by_definition(ComplexField field, std::int64_t k, std::int64_t l) {
  std::complex<double> sum = 0;
  for (std::int64_t y = 0; y < field.height; ++y) {
    for (std::int64_t x = 0; x < field.width; ++x) {
      // Whole turns are left out: of many of them the angle would lose digits.
      const double turns = static_cast<double>(k * y % field.height) / static_cast<double>(field.height) +
                           static_cast<double>(l * x % field.width) / static_cast<double>(field.width);
      sum += field.at(y, x) * std::polar(1.0, -2 * std::numbers::pi * turns);
    }
  }
  return sum;
}

// Odd, prime and mixed extents, and such as have a large prime factor.
TEST(Fourier, IsItsDefinition) {
  for (const auto& [height, width] :
       {std::pair{4, 6}, {7, 5}, {1, 3}, {6, 1}, {127, 3}, {2, 101}, {1, 134}}) {
    const ComplexField field = random_field(height, width);
    ComplexField spectrum = field;
    transform(spectrum);
    for (std::int64_t k = 0; k < height; ++k) {
      for (std::int64_t l = 0; l < width; ++l) {
        EXPECT_LT(std::abs(spectrum.at(k, l) - by_definition(field, k, l)), 1e-12) << k << " " << l;
      }
    }
  }
}

TEST(Fourier, TheInverseGivesTheFieldBack) {
  const ComplexField field = random_field(227, 31);
  ComplexField there_and_back = field;
  transform(there_and_back);
  inverse_transform(there_and_back);
  for (std::size_t i = 0; i < field.values.size(); ++i) {
    EXPECT_LT(std::abs(there_and_back.values[i] - field.values[i]), 1e-12);
  }
}

}  // namespace
}  // namespace faultline::control
