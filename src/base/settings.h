#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/parameter.h"

namespace faultline {

// The values of the parameters of one entry of a catalogue: those that were given, and the defaults of the
// others. What is given is checked when it is set, so that a Settings never holds a value that its table
// refuses. Everything a user can get wrong throws Error{usage}, which names the entry and the parameter, what
// was got and expected, and lists the entry's parameters.
class Settings {
 public:
  // The entry `name` of the catalogue of `what` ("attack"). The table must outlive this.
  Settings(std::string_view what, std::string_view name, std::span<const Parameter> parameters);

  const std::string& name() const { return name_; }
  std::span<const Parameter> parameters() const { return parameters_; }
  // Whether there is such a parameter, and whether it is a choice that has this value among its own.
  bool has(std::string_view parameter) const;
  bool has_choice(std::string_view parameter, std::string_view value) const;
  bool is_given(std::string_view parameter) const;

  // As a user writes it: "8/255", "on", "margin". Later values replace earlier ones.
  Settings& set(std::string_view parameter, std::string_view text);
  // Of integer, real and pixels; of a flag 0 or 1.
  Settings& set(std::string_view parameter, double value);
  // "step_size=2/255".
  Settings& set_assignment(std::string_view assignment);
  // Every key of an object: {"step_size": "2/255", "steps": 20, "random_start": false}.
  Settings& set_all(const nlohmann::json& object);

  // The value, given or by default. Throw ContractError if there is no such parameter of that kind.
  int integer(std::string_view parameter) const;
  double real(std::string_view parameter) const;
  float pixels(std::string_view parameter) const;
  bool flag(std::string_view parameter) const;
  std::string text(std::string_view parameter) const;  // of choice and text

  // Every parameter with its value, in the table's order; set_all() takes it back.
  nlohmann::ordered_json json() const;

  // For what a table cannot say, such as a range that depends on another parameter. `expected` completes
  // "attack pgd: restarts: got 2, expected ".
  [[noreturn]] void refuse(std::string_view parameter, const std::string& expected) const;

 private:
  struct Value {
    double number = 0;
    std::string text = {};     // of choice and text
    std::string written = {};  // as it was given
  };

  std::optional<std::size_t> find(std::string_view parameter) const;
  std::size_t index_or_refuse(std::string_view parameter) const;
  std::optional<Value> parse(const Parameter& parameter, std::string_view text) const;
  Value checked(const Parameter& parameter, std::optional<Value> value, const std::string& written) const;
  Value value(std::string_view parameter, ParameterKind kind) const;
  [[noreturn]] void refuse_value(const Parameter& parameter, const std::string& written,
                                 const std::string& expected) const;
  std::string known() const;

  std::string what_;
  std::string name_;
  std::span<const Parameter> parameters_;
  std::vector<std::optional<Value>> given_;  // by parameter
};

}  // namespace faultline
