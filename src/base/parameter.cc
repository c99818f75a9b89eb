#include "base/parameter.h"

#include <charconv>
#include <cmath>

#include "base/error.h"

namespace faultline {

namespace {

std::string joined(std::span<const std::string_view> names) {
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  return list;
}

std::optional<double> parse_decimal(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::string_view name_of(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::integer:
      return "integer";
    case ParameterKind::real:
      return "real";
    case ParameterKind::pixels:
      return "pixels";
    case ParameterKind::flag:
      return "flag";
    case ParameterKind::choice:
      return "choice";
    case ParameterKind::text:
      return "text";
  }
  throw ContractError("name_of: no such kind of parameter");
}

std::optional<double> parse_number(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<double> value = parse_decimal(text.substr(0, slash));
  if (!value || slash == std::string_view::npos) return value;
  const std::optional<double> divisor = parse_decimal(text.substr(slash + 1));
  if (!divisor || *divisor <= 0) return std::nullopt;
  const double quotient = *value / *divisor;
  return std::isfinite(quotient) ? std::optional(quotient) : std::nullopt;
}

std::string write_number(double value) {
  if (value == std::trunc(value) && std::abs(value) < 1e15) return std::to_string(std::llround(value));
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  require(error == std::errc(), "parameter: a number that cannot be written");
  return {text.data(), end};
}

std::string range_of(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::flag:
      return "on, off";
    case ParameterKind::choice:
      return joined(parameter.choices);
    case ParameterKind::text:
      return "any";
    default:
      break;
  }
  if (parameter.most == kUnbounded) return "from " + write_number(parameter.least);
  return write_number(parameter.least) + " to " + write_number(parameter.most);
}

std::string describe(const Parameter& parameter) {
  return std::string(parameter.name) + " (" + std::string(name_of(parameter.kind)) + ", " +
         range_of(parameter) + "; default " +
         (parameter.default_value.empty() ? "none" : std::string(parameter.default_value)) + ")";
}

}  // namespace faultline
