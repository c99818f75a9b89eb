#include "base/settings.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace faultline {

namespace {

std::string expected_of(const Parameter& parameter) {
  const std::string range = range_of(parameter);
  switch (parameter.kind) {
    case ParameterKind::integer:
      return "an integer, " + range;
    case ParameterKind::real:
      return "a number, " + range;
    case ParameterKind::pixels:
      return "a size in pixel units such as 8/255 or 0.03, " + range;
    case ParameterKind::flag:
      return "on or off";
    case ParameterKind::choice:
      return "one of: " + range;
    case ParameterKind::text:
      return "a text";
  }
  throw ContractError("settings: no such kind of parameter");
}

bool is_numeric(ParameterKind kind) {
  return kind == ParameterKind::integer || kind == ParameterKind::real || kind == ParameterKind::pixels;
}

}  // namespace

Settings::Settings(std::string_view what, std::string_view name, std::span<const Parameter> parameters)
    : what_(what), name_(name), parameters_(parameters), given_(parameters.size()) {}

std::optional<std::size_t> Settings::find(std::string_view parameter) const {
  const auto found = std::ranges::find(parameters_, parameter, &Parameter::name);
  if (found == parameters_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - parameters_.begin());
}

bool Settings::has(std::string_view parameter) const {
  return find(parameter).has_value();
}

bool Settings::has_choice(std::string_view parameter, std::string_view value) const {
  const auto index = find(parameter);
  return index && std::ranges::count(parameters_[*index].choices, value) > 0;
}

bool Settings::is_given(std::string_view parameter) const {
  const auto index = find(parameter);
  return index && given_[*index].has_value();
}

std::string Settings::known() const {
  std::string list;
  for (const Parameter& parameter : parameters_) list += (list.empty() ? "" : ", ") + describe(parameter);
  return list.empty() ? "it has no parameters" : "its parameters are " + list;
}

std::size_t Settings::index_or_refuse(std::string_view parameter) const {
  const auto index = find(parameter);
  if (index) return *index;
  throw Error(ErrorKind::usage,
              what_ + " " + name_ + ": no parameter '" + std::string(parameter) + "'; " + known());
}

void Settings::refuse_value(const Parameter& parameter, const std::string& written,
                            const std::string& expected) const {
  throw Error(ErrorKind::usage, what_ + " " + name_ + ": " + std::string(parameter.name) + ": got '" +
                                    written + "', expected " + expected + "; " + known());
}

void Settings::refuse(std::string_view parameter, const std::string& expected) const {
  const std::size_t index = index_or_refuse(parameter);
  const std::string written =
      given_[index] ? given_[index]->written : std::string(parameters_[index].default_value);
  refuse_value(parameters_[index], written, expected);
}

std::optional<Settings::Value> Settings::parse(const Parameter& parameter, std::string_view text) const {
  if (parameter.kind == ParameterKind::flag) {
    if (text == "on" || text == "true") return Value{.number = 1};
    if (text == "off" || text == "false") return Value{.number = 0};
    return std::nullopt;
  }
  if (!is_numeric(parameter.kind)) return Value{.text = std::string(text)};
  const std::optional<double> number = parse_number(text);
  return number ? std::optional(Value{.number = *number}) : std::nullopt;
}

Settings::Value Settings::checked(const Parameter& parameter, std::optional<Value> value,
                                  const std::string& written) const {
  bool fits = value.has_value();
  if (fits && is_numeric(parameter.kind)) {
    value->number += 0.0;  // -0 would be recorded as a negative size
    fits = value->number >= parameter.least && value->number <= parameter.most &&
           std::isfinite(value->number) &&
           (parameter.kind != ParameterKind::integer || value->number == std::trunc(value->number));
  } else if (fits && parameter.kind == ParameterKind::choice) {
    fits = std::ranges::count(parameter.choices, value->text) > 0;
  }
  if (!fits) refuse_value(parameter, written, expected_of(parameter));
  value->written = written;
  return *value;
}

Settings& Settings::set(std::string_view parameter, std::string_view text) {
  const std::size_t index = index_or_refuse(parameter);
  given_[index] = checked(parameters_[index], parse(parameters_[index], text), std::string(text));
  return *this;
}

Settings& Settings::set(std::string_view parameter, double value) {
  const std::size_t index = index_or_refuse(parameter);
  const ParameterKind kind = parameters_[index].kind;
  const bool fits = is_numeric(kind) || (kind == ParameterKind::flag && (value == 0 || value == 1));
  given_[index] = checked(parameters_[index], fits ? std::optional(Value{.number = value}) : std::nullopt,
                          write_number(value));
  return *this;
}

Settings& Settings::set_assignment(std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    throw Error(ErrorKind::usage, what_ + " " + name_ + ": got '" + std::string(assignment) +
                                      "', expected PARAMETER=VALUE; " + known());
  }
  return set(assignment.substr(0, equals), assignment.substr(equals + 1));
}

Settings& Settings::set_all(const nlohmann::json& object) {
  if (!object.is_object()) {
    throw Error(ErrorKind::usage, what_ + " " + name_ + ": expected an object of parameters; " + known());
  }
  for (const auto& [key, value] : object.items()) {
    const Parameter& parameter = parameters_[index_or_refuse(key)];
    if (value.is_string()) {
      set(key, value.get<std::string>());
    } else if (value.is_number() && parameter.kind != ParameterKind::flag) {
      set(key, value.get<double>());
    } else if (value.is_boolean() && parameter.kind == ParameterKind::flag) {
      set(key, value.get<bool>() ? "on" : "off");
    } else {
      refuse_value(parameter, value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace),
                   expected_of(parameter));
    }
  }
  return *this;
}

Settings::Value Settings::value(std::string_view parameter, ParameterKind kind) const {
  const auto index = find(parameter);
  require(index && parameters_[*index].kind == kind, "settings: no such parameter of this kind");
  if (given_[*index]) return *given_[*index];
  const Parameter& of = parameters_[*index];
  if (of.formula != nullptr) return {.number = of.formula(*this)};
  const auto parsed = parse(of, of.default_value);
  require(parsed.has_value(), "settings: a default that is no value");
  return *parsed;
}

int Settings::integer(std::string_view parameter) const {
  return static_cast<int>(value(parameter, ParameterKind::integer).number);
}

double Settings::real(std::string_view parameter) const {
  return value(parameter, ParameterKind::real).number;
}

float Settings::pixels(std::string_view parameter) const {
  return static_cast<float>(value(parameter, ParameterKind::pixels).number);
}

bool Settings::flag(std::string_view parameter) const {
  return value(parameter, ParameterKind::flag).number != 0;
}

std::string Settings::text(std::string_view parameter) const {
  const auto index = find(parameter);
  const bool is_choice = index && parameters_[*index].kind == ParameterKind::choice;
  return value(parameter, is_choice ? ParameterKind::choice : ParameterKind::text).text;
}

nlohmann::ordered_json Settings::json() const {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const Parameter& parameter : parameters_) {
    const Value of = value(parameter.name, parameter.kind);
    auto& entry = object[std::string(parameter.name)];
    if (parameter.kind == ParameterKind::integer) {
      entry = static_cast<int>(of.number);
    } else if (parameter.kind == ParameterKind::flag) {
      entry = of.number != 0;
    } else if (is_numeric(parameter.kind)) {
      entry = of.number;
    } else {
      entry = of.text;
    }
  }
  return object;
}

}  // namespace faultline
