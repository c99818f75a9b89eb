#include "stats/resampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "samples.h"

namespace faultline::stats {
namespace {

TEST(Resampler, DrawsNumbersOfOneStream) {
  const RandomStream stream(4, "bootstrap");
  std::vector<std::uint32_t> bits(5);
  stream.fill_bits(15, bits);
  std::vector<std::uint32_t> drawn(5);
  Resampler(5, 4).draw(3, drawn);  // numbers 15 to 19
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(drawn[i], std::uint64_t{bits[i]} * 5 >> 32U);
}

TEST(Resampler, DrawsEveryUnitEquallyOften) {
  constexpr std::size_t kUnits = 10;
  std::vector<double> counts(kUnits);
  std::vector<std::uint32_t> drawn(kUnits);
  const Resampler resampler(kUnits, 0);
  for (std::size_t r = 0; r < 10'000; ++r) {
    resampler.draw(r, drawn);
    for (const std::uint32_t unit : drawn) ++counts.at(unit);
  }
  double chi_squared = 0;
  for (const double count : counts) chi_squared += (count - 10'000) * (count - 10'000) / 10'000;
  EXPECT_LT(chi_squared, 27.9);  // 99.9 % point of chi-squared with 9 degrees of freedom
}

TEST(Resampled, KeepsTheOrderWhateverTheThreads) {
  const auto sums = [] {
    return resampled(7, {.resamples = 333, .seed = 2}, [] {
      return [digits = std::vector<double>(7)](std::span<const std::uint32_t> drawn) mutable {
        std::copy(drawn.begin(), drawn.end(), digits.begin());  // its own memory
        double sum = 0;
        for (const double digit : digits) sum = 10 * sum + digit;
        return sum;
      };
    });
  };
  const auto results = test::under_threads(sums);
  ASSERT_EQ(results[0].size(), 333U);
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
  std::vector<std::uint32_t> drawn(7);
  Resampler(7, 2).draw(200, drawn);
  double expected = 0;
  for (const std::uint32_t unit : drawn) expected = 10 * expected + unit;
  EXPECT_EQ(results[0][200], expected);
}

TEST(Resampler, RefusesWhatCannotBeDrawn) {
  EXPECT_THROW(Resampler(0, 0), ContractError);
  EXPECT_THROW(Resampler(Resampler::kMostUnits + 1, 0), ContractError);
  std::vector<std::uint32_t> drawn(2);
  EXPECT_THROW(Resampler(3, 0).draw(0, drawn), ContractError);
  const auto nothing = [] { return [](std::span<const std::uint32_t>) { return 0.0; }; };
  EXPECT_THROW(resampled(2, {.resamples = 0}, nothing), ContractError);
  EXPECT_THROW(resampled(2, {.confidence = 1}, nothing), ContractError);
  EXPECT_THROW(resampled(2, {.confidence = 0}, nothing), ContractError);
}

}  // namespace
}  // namespace faultline::stats
