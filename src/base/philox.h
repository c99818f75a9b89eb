#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace faultline {

// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a counter-based
// generator. The i-th block of a stream is a pure function of (key, i), so results depend on no order of
// calls, batch or thread.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

// A reproducible stream of random numbers, named by what it is for.
//   RandomStream(seed, "<sha256 of the image>/pgd/restart=0") gives the same numbers wherever it is made: the
//   key is taken from the SHA-256 of the seed and the name. Numbers may be read in sequence or by index.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);

  // The index-th number of the stream. Uniform: in (0, 1), 32 bits. Normal: mean 0, variance 1 (Box-Muller in
  // double).
  double uniform(std::uint64_t index) const;
  double normal(std::uint64_t index) const;
  // The index-th integer, uniform in [0, bound) without bias beyond 2^-64 * bound. Throws ContractError if
  // bound is 0.
  std::uint64_t below(std::uint64_t index, std::uint64_t bound) const;

  // Numbers first, first + 1, ..., faster than one by one, for each block is computed once. Normal: those of
  // normal(). Bits: 32 random bits each.
  void fill_normal(std::uint64_t first, std::span<double> numbers) const;
  void fill_bits(std::uint64_t first, std::span<std::uint32_t> numbers) const;

 private:
  std::array<std::uint32_t, 4> block(std::uint64_t index, std::uint32_t purpose) const;
  std::array<std::uint32_t, 2> key_{};
  std::uint32_t salt_ = 0;
};

}  // namespace faultline
