#include "base/philox.h"

#include <cmath>
#include <cstring>
#include <numbers>
#include <string>

#include "base/error.h"
#include "base/sha256.h"

namespace faultline {

namespace {

std::uint32_t high(std::uint64_t product) {
  return static_cast<std::uint32_t>(product >> 32U);
}
std::uint32_t low(std::uint64_t product) {
  return static_cast<std::uint32_t>(product);
}

// In (0, 1), never 0 or 1, so that its logarithm is finite.
double open_unit(std::uint32_t bits) {
  return (static_cast<double>(bits) + 0.5) * 0x1p-32;
}

// Of two independent normals (Box and Muller 1958): radius cos(angle) and radius sin(angle).
struct Polar {
  Polar(std::uint32_t first, std::uint32_t second)
      : radius(std::sqrt(-2.0 * std::log(open_unit(first)))),
        angle(2.0 * std::numbers::pi * open_unit(second)) {}
  double radius;
  double angle;
};

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57U} * c[2];
    c = {high(p1) ^ c[1] ^ k[0], low(p1), high(p0) ^ c[3] ^ k[1], low(p0)};
    k[0] += 0x9E3779B9U;
    k[1] += 0xBB67AE85U;
  }
  return c;
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) {
  const auto digest = sha256(std::to_string(seed) + "/" + std::string(name));
  std::memcpy(key_.data(), digest.data(), sizeof key_);
  std::memcpy(&salt_, digest.data() + sizeof key_, sizeof salt_);
}

std::array<std::uint32_t, 4> RandomStream::block(std::uint64_t index, std::uint32_t purpose) const {
  return philox4x32({low(index), high(index), purpose, salt_}, key_);
}

double RandomStream::uniform(std::uint64_t index) const {
  return open_unit(block(index / 4, 0)[index % 4]);
}

double RandomStream::normal(std::uint64_t index) const {
  // A block gives two pairs, a pair two normals.
  const auto bits = block(index / 4, 1);
  const std::size_t pair = (index % 4) / 2;
  const Polar polar(bits[2 * pair], bits[2 * pair + 1]);
  return polar.radius * (index % 2 == 0 ? std::cos(polar.angle) : std::sin(polar.angle));
}

void RandomStream::fill_normal(std::uint64_t first, std::span<double> numbers) const {
  std::size_t i = 0;
  for (; i < numbers.size() && (first + i) % 4 != 0; ++i) numbers[i] = normal(first + i);
  for (; i + 4 <= numbers.size(); i += 4) {
    const auto bits = block((first + i) / 4, 1);
    for (std::size_t pair = 0; pair < 2; ++pair) {
      const Polar polar(bits[2 * pair], bits[2 * pair + 1]);
      numbers[i + 2 * pair] = polar.radius * std::cos(polar.angle);
      numbers[i + 2 * pair + 1] = polar.radius * std::sin(polar.angle);
    }
  }
  for (; i < numbers.size(); ++i) numbers[i] = normal(first + i);
}

std::uint64_t RandomStream::below(std::uint64_t index, std::uint64_t bound) const {
  require(bound > 0, "RandomStream::below: bound must be positive");
  const auto bits = block(index, 2);
  const std::uint64_t wide = (std::uint64_t{bits[0]} << 32U) | bits[1];
  // The high word of a 64 x 64 bit product maps the 64 random bits onto [0, bound).
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((Wide{wide} * bound) >> 64U);
}

void RandomStream::fill_bits(std::uint64_t first, std::span<std::uint32_t> numbers) const {
  for (std::size_t i = 0; i < numbers.size();) {
    const auto bits = block((first + i) / 4, 3);
    for (std::size_t word = (first + i) % 4; word < 4 && i < numbers.size(); ++word, ++i)
      numbers[i] = bits[word];
  }
}

}  // namespace faultline
