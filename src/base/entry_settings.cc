#include "base/entry_settings.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace faultline {

namespace {

std::string names_of(std::span<const Settings> entries) {
  std::string names;
  for (const Settings& entry : entries) names += (names.empty() ? "" : ", ") + entry.name();
  return names;
}

Settings& entry_named(std::span<Settings> entries, std::string_view name) {
  for (Settings& entry : entries) {
    if (entry.name() == name) return entry;
  }
  throw Error(ErrorKind::usage, "parameters of '" + std::string(name) +
                                    "', which takes no part; expected those of one of: " + names_of(entries));
}

}  // namespace

bool names_entry(std::string_view assignment) {
  return assignment.substr(0, assignment.find('=')).find('.') != std::string_view::npos;
}

void set_assignment(std::span<Settings> entries, std::string_view assignment) {
  if (!names_entry(assignment)) {
    throw Error(ErrorKind::usage,
                "got '" + std::string(assignment) +
                    "', expected NAME.PARAMETER=VALUE with a name of: " + names_of(entries));
  }
  const std::size_t dot = assignment.find('.');
  entry_named(entries, assignment.substr(0, dot)).set_assignment(assignment.substr(dot + 1));
}

void set_all(std::span<Settings> entries, const nlohmann::json& object) {
  if (!object.is_object()) {
    throw Error(ErrorKind::usage,
                "expected an object with an object of parameters for any of: " + names_of(entries));
  }
  for (const auto& [name, parameters] : object.items()) entry_named(entries, name).set_all(parameters);
}

nlohmann::ordered_json settings_json(std::span<const Settings> entries) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const Settings& entry : entries) {
    if (!entry.parameters().empty()) object[entry.name()] = entry.json();
  }
  return object;
}

}  // namespace faultline
