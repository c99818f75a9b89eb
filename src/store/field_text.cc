#include "store/field_text.h"

#include <array>
#include <charconv>
#include <string_view>

namespace faultline::store {

std::string field_text(std::int64_t value) {
  return std::to_string(value);
}

std::string field_text(bool value) {
  return value ? "1" : "0";
}

std::string field_text(double value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string field_text(const std::string& value) {
  return value;
}

std::string field_text(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : " ") + field_text(value);
  return text;
}

std::string field_text(const std::vector<std::uint8_t>& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte / 16U];
    text += kDigits[byte % 16U];
  }
  return text;
}

}  // namespace faultline::store
