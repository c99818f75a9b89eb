#include "base/philox.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace faultline {
namespace {

using Block = std::array<std::uint32_t, 4>;

// The known-answer vectors published with Random123 (kat_vectors, philox4x32 10).
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox4x32({ones, ones, ones, ones}, {ones, ones}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, IsAFunctionOfSeedNameAndIndex) {
  const RandomStream stream(1, "a");
  EXPECT_EQ(stream.normal(5), RandomStream(1, "a").normal(5));
  EXPECT_NE(stream.normal(5), RandomStream(2, "a").normal(5));
  EXPECT_NE(stream.normal(5), RandomStream(1, "b").normal(5));
  EXPECT_NE(stream.uniform(5), stream.uniform(6));
}

TEST(RandomStream, MomentsOfAMillion) {
  const RandomStream stream(7, "moments");
  const int n = 1'000'000;
  double sum = 0, squares = 0, cubes = 0, fourth = 0, uniforms = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double z = stream.normal(i);
    sum += z;
    squares += z * z;
    cubes += z * z * z;
    fourth += z * z * z * z;
    uniforms += stream.uniform(i);
  }
  // Five standard errors of each estimate.
  EXPECT_NEAR(sum / n, 0, 5 * std::sqrt(1.0 / n));
  EXPECT_NEAR(squares / n, 1, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR(cubes / n, 0, 5 * std::sqrt(15.0 / n));
  EXPECT_NEAR(fourth / n, 3, 5 * std::sqrt(96.0 / n));
  EXPECT_NEAR(uniforms / n, 0.5, 5 * std::sqrt(1.0 / 12 / n));
}

TEST(RandomStream, BelowCoversItsRangeEvenly) {
  const RandomStream stream(3, "below");
  std::array<int, 7> counts{};
  for (std::uint64_t i = 0; i < 70'000; ++i) ++counts[stream.below(i, 7)];
  double chi_squared = 0;
  for (const int count : counts) chi_squared += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
  EXPECT_LT(chi_squared, 22.5);  // 99.9 % point of chi-squared with 6 degrees of freedom
}

// From any number on, of any count: blocks are cut at both ends.
TEST(RandomStream, FillsWithTheNumbersOfTheirIndices) {
  const RandomStream stream(5, "fill");
  std::vector<std::uint32_t> all(64);
  stream.fill_bits(0, all);
  for (std::uint64_t first = 0; first < 9; ++first) {
    for (std::size_t count = 0; count < 14; ++count) {
      std::vector<double> normals(count);
      stream.fill_normal(first, normals);
      std::vector<std::uint32_t> bits(count);
      stream.fill_bits(first, bits);
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(normals[i], stream.normal(first + i)) << first << "+" << i;
        EXPECT_EQ(bits[i], all[first + i]) << first << "+" << i;
      }
    }
  }
}

TEST(RandomStream, BitsAreEvenInEveryPlace) {
  std::vector<std::uint32_t> bits(100'000);
  RandomStream(6, "bits").fill_bits(0, bits);
  for (unsigned place = 0; place < 32; ++place) {
    double ones = 0;
    for (const std::uint32_t number : bits) ones += (number >> place) & 1U;
    EXPECT_NEAR(ones / 100'000, 0.5, 5 * 0.5 / std::sqrt(100'000.0)) << place;
  }
}

}  // namespace
}  // namespace faultline
