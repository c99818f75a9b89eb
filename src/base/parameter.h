#pragma once

#include <array>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace faultline {

class Settings;

enum class ParameterKind {
  integer,
  real,    // 0.75, 1e-3, or a fraction 3/4
  pixels,  // likewise, a size in pixel units: 8/255
  flag,    // on or off
  choice,  // one of `choices`
  text,    // any, the name of a layer say
};

// "integer", ..., as `faultline list` prints them.
std::string_view name_of(ParameterKind kind);

// One thing that a user can set of an attack, control, heatmap or metric. A table of them is what an entry of
// a catalogue takes: it checks what is given, tells the defaults and is printed by `faultline list`.
struct Parameter {
  std::string_view name = {};  // "step_size", as in --set step_size=2/255
  ParameterKind kind = ParameterKind::integer;
  std::string_view default_value = {};  // as a user would write it; with `formula` the formula in words
  std::string_view meaning = {};        // one line, with the unit
  double least = 0;                     // of integer, real and pixels; both included
  double most = 0;
  std::span<const std::string_view> choices = {};
  double (*formula)(const Settings&) = nullptr;  // a default that depends on other parameters
};

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

constexpr Parameter integer_parameter(std::string_view name, std::string_view default_value, int least,
                                      int most, std::string_view meaning) {
  return {name,    ParameterKind::integer,     default_value,
          meaning, static_cast<double>(least), static_cast<double>(most)};
}
constexpr Parameter real_parameter(std::string_view name, std::string_view default_value, double least,
                                   double most, std::string_view meaning) {
  return {name, ParameterKind::real, default_value, meaning, least, most};
}
constexpr Parameter pixels_parameter(std::string_view name, std::string_view default_value, double most,
                                     std::string_view meaning) {
  return {name, ParameterKind::pixels, default_value, meaning, 0, most};
}
constexpr Parameter flag_parameter(std::string_view name, bool default_value, std::string_view meaning) {
  return {name, ParameterKind::flag, default_value ? "on" : "off", meaning};
}
constexpr Parameter choice_parameter(std::string_view name, std::string_view default_value,
                                     std::span<const std::string_view> choices, std::string_view meaning) {
  return {name, ParameterKind::choice, default_value, meaning, 0, 0, choices};
}
constexpr Parameter text_parameter(std::string_view name, std::string_view default_value,
                                   std::string_view meaning) {
  return {name, ParameterKind::text, default_value, meaning};
}
// The same parameter with another default: a number computed from the entry's other parameters.
constexpr Parameter with_formula(Parameter parameter, std::string_view in_words,
                                 double (*formula)(const Settings&)) {
  parameter.default_value = in_words;
  parameter.formula = formula;
  return parameter;
}
// The same parameter with another default.
constexpr Parameter with_default(Parameter parameter, std::string_view default_value) {
  parameter.default_value = default_value;
  parameter.formula = nullptr;
  return parameter;
}

// Tables that entries share, one after the other.
template <std::size_t... sizes>
constexpr auto join(const std::array<Parameter, sizes>&... tables) {
  std::array<Parameter, (sizes + ...)> all;
  std::size_t next = 0;
  const auto append = [&](const auto& table) {
    for (const Parameter& parameter : table) all[next++] = parameter;
  };
  (append(tables), ...);
  return all;
}

// A number as users write them: a decimal ("0.03", "1e-3") or a fraction of two ("8/255"); none if the text
// is anything else, a spelling of infinity or NaN included.
std::optional<double> parse_number(std::string_view text);
// The shortest text that is read back as the same number; whole numbers without an exponent.
std::string write_number(double value);

// What values there are: "1 to 1000000", "linf, l2", "on, off".
std::string range_of(const Parameter& parameter);
// The whole of it in one line: "steps (integer, 1 to 1000000; default 10)".
std::string describe(const Parameter& parameter);

}  // namespace faultline
