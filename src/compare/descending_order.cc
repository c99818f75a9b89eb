#include "compare/descending_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "base/error.h"

namespace faultline::compare {
namespace {

// The complement of the first 32 bits that matter, then the index: ascending entries are descending values.
using Entry = std::uint64_t;

std::uint32_t key_of(Entry entry) {
  return static_cast<std::uint32_t>(entry >> 32U);
}
std::uint32_t index_of(Entry entry) {
  return static_cast<std::uint32_t>(entry);
}

// Of a value in (0,1] the sign and the exponent's first bit are 0.
Entry entry_of(double value, std::uint32_t index) {
  const auto key = ~static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(value) >> 30U);
  return Entry{key} << 32U | index;
}

// Counting sorts by the key's digits, the last first: each keeps the order of equal digits.
void sort_by_key(std::vector<Entry>& entries) {
  constexpr unsigned kDigitBits = 11;
  constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  std::vector<Entry> sorted(entries.size());
  for (unsigned shift = 32; shift < 64; shift += kDigitBits) {
    std::array<std::uint32_t, kDigits> next{};
    for (const Entry entry : entries) ++next[entry >> shift & (kDigits - 1)];
    std::uint32_t start = 0;
    for (std::uint32_t& count : next) start += std::exchange(count, start);
    for (const Entry entry : entries) sorted[next[entry >> shift & (kDigits - 1)]++] = entry;
    entries.swap(sorted);
  }
}

// Within runs of equal keys the values decide.
void sort_equal_keys(std::vector<Entry>& entries, std::span<const double> values) {
  const auto precedes = [values](Entry a, Entry b) {
    const double value_a = values[index_of(a)];
    const double value_b = values[index_of(b)];
    return value_a != value_b ? value_a > value_b : a < b;
  };
  for (std::size_t first = 0; first < entries.size();) {
    std::size_t last = first + 1;
    while (last < entries.size() && key_of(entries[last]) == key_of(entries[first])) ++last;
    const auto run = std::span(entries).subspan(first, last - first);
    if (run.size() > 1 && !std::ranges::is_sorted(run, precedes)) std::ranges::sort(run, precedes);
    first = last;
  }
}

}  // namespace

std::vector<std::uint32_t> descending_order(std::span<const double> values) {
  require(values.size() < std::numeric_limits<std::uint32_t>::max(), "descending_order: too many values");
  constexpr std::size_t kFewValues = 512;  // too few to pay for the counts
  std::vector<Entry> entries;
  entries.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0) entries.push_back(entry_of(values[i], static_cast<std::uint32_t>(i)));
  }
  if (entries.size() < kFewValues) {
    std::ranges::sort(entries);
  } else {
    sort_by_key(entries);
  }
  sort_equal_keys(entries, values);
  std::vector<std::uint32_t> order(entries.size());
  std::ranges::transform(entries, order.begin(), index_of);
  return order;
}

}  // namespace faultline::compare
