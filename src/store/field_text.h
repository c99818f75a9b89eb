#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::store {

// A value of a row as plain text: the shortest digits that read back as the number; 1 or 0 of yes or no; the
// numbers of an array with spaces between; two hexadecimal digits a byte; nothing of a missing value.
std::string field_text(std::int64_t value);
std::string field_text(bool value);
std::string field_text(double value);
std::string field_text(const std::string& value);
std::string field_text(const std::vector<double>& values);
std::string field_text(const std::vector<std::uint8_t>& bytes);
template <class Value>
std::string field_text(const std::optional<Value>& value) {
  return value ? field_text(*value) : "";
}

}  // namespace faultline::store
