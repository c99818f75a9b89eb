#pragma once

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "store/tables.h"

namespace faultline::test {

// Rows of any table with values at the ends of what a column can hold; `seed` chooses which. Rows of seeds
// that differ by less than kSamples have different keys.
inline constexpr std::int64_t kSamples = 6;

inline void fill_value(std::int64_t& value, std::size_t choice) {
  static constexpr std::array<std::int64_t, kSamples> kValues = {0,
                                                                 -1,
                                                                 (std::int64_t{1} << 53) + 1,
                                                                 std::numeric_limits<std::int64_t>::max(),
                                                                 std::numeric_limits<std::int64_t>::min(),
                                                                 7};
  value = kValues[choice % kValues.size()];
}
inline void fill_value(bool& value, std::size_t choice) {
  value = choice % 2 == 0;
}
inline void fill_value(double& value, std::size_t choice) {
  static constexpr std::array<double, kSamples> kValues = {
      std::numeric_limits<double>::denorm_min(),  -0.0, std::numeric_limits<double>::max(),
      -std::numeric_limits<double>::lowest() / 3, 0.1,  9007199254740993.0};
  value = kValues[choice % kValues.size()];
}
inline void fill_value(std::string& value, std::size_t choice) {
  static const std::array<std::string, kSamples> kValues = {
      "", "plain", "Öffnung 🐕, \"quoted\"", "two\nlines", std::string("a\0b", 3), "'; DROP TABLE image; --"};
  value = kValues[choice % kValues.size()];
}
inline void fill_value(std::vector<double>& value, std::size_t choice) {
  value.resize(choice % kSamples);  // one of them empty
  for (std::size_t i = 0; i < value.size(); ++i) fill_value(value[i], choice + i);
}
inline void fill_value(std::vector<std::uint8_t>& value, std::size_t choice) {
  static constexpr std::array<std::uint8_t, kSamples> kValues = {0, 255, 10, 128, 127, 39};
  value.resize(choice % kSamples);  // one of them empty
  for (std::size_t i = 0; i < value.size(); ++i) value[i] = kValues[(choice + i) % kValues.size()];
}
template <class Value>
void fill_value(std::optional<Value>& value, std::size_t choice) {
  value.reset();
  if (choice % 3 != 0) fill_value(value.emplace(), choice);
}

template <class Row>
Row sample_row(std::int64_t seed) {
  Row row;
  store::kTable<Row>.for_each_column([&](const auto& column, std::size_t index) {
    fill_value(row.*column.member, static_cast<std::size_t>(seed) + index);
  });
  return row;
}

inline bool same_value(double stored, double read) {
  // SQLite keeps -0.0 as 0.0.
  return std::bit_cast<std::uint64_t>(stored + 0.0) == std::bit_cast<std::uint64_t>(read + 0.0);
}
inline bool same_value(const std::vector<double>& stored, const std::vector<double>& read) {
  bool same = stored.size() == read.size();
  for (std::size_t i = 0; same && i < stored.size(); ++i) {
    same = std::bit_cast<std::uint64_t>(stored[i]) == std::bit_cast<std::uint64_t>(read[i]);
  }
  return same;
}
template <class Value>
bool same_value(const Value& stored, const Value& read) {
  return stored == read;
}
inline bool same_value(const std::optional<double>& stored, const std::optional<double>& read) {
  return stored.has_value() == read.has_value() && (!stored || same_value(*stored, *read));
}

template <class Row>
void expect_same_row(const Row& stored, const Row& read) {
  store::kTable<Row>.for_each_column([&](const auto& column, std::size_t) {
    EXPECT_TRUE(same_value(stored.*column.member, read.*column.member))
        << store::kTable<Row>.name() << "." << column.name;
  });
}

inline store::RunRow sample_run() {
  return {.program_version = "0.1.0",
          .model_file = "model.onnx",
          .model_sha256 = "00ff",
          .configuration = R"({"seed": 1})",
          .created = "2026-01-02T03:04:05Z",
          .planned_images = 7};
}

}  // namespace faultline::test
