#include "store/differences.h"

#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/one_line.h"

namespace faultline::store {

namespace {

using nlohmann::json;

[[noreturn]] void refuse_configuration(std::string_view text) {
  throw Error(ErrorKind::io, one_line("a run's configuration is no JSON object: " + std::string(text)));
}

json configuration_of(std::string_view text, std::span<const std::string> ignored_keys) {
  json value = json::parse(text, nullptr, false);
  if (!value.is_object()) refuse_configuration(text);
  for (const std::string& key : ignored_keys) value.erase(key);
  return value;
}

std::string in_words(const json* value) {
  if (value == nullptr) return "absent";
  return value->is_string() ? value->get<std::string>() : value->dump();
}

const json* member(const json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

void compare(const std::string& path, const json* there, const json* here, std::vector<std::string>& lines) {
  if (there != nullptr && here != nullptr) {
    if (*there == *here) return;
    if (there->is_object() && here->is_object()) {
      std::set<std::string> keys;
      for (const auto& item : there->items()) keys.insert(item.key());
      for (const auto& item : here->items()) keys.insert(item.key());
      const std::string prefix = path.empty() ? "" : path + ".";
      for (const std::string& key : keys) {
        compare(prefix + key, member(*there, key), member(*here, key), lines);
      }
      return;
    }
    if (there->is_array() && here->is_array() && there->size() == here->size()) {
      for (std::size_t i = 0; i < there->size(); ++i) {
        compare(path + "[" + std::to_string(i) + "]", &(*there)[i], &(*here)[i], lines);
      }
      return;
    }
  }
  lines.push_back(path + ": " + in_words(there) + " there, " + in_words(here) + " here");
}

}  // namespace

std::vector<std::string> differences(std::string_view there, std::string_view here,
                                     std::span<const std::string> ignored_keys) {
  const json first = configuration_of(there, ignored_keys);
  const json second = configuration_of(here, ignored_keys);
  std::vector<std::string> lines;
  compare("", &first, &second, lines);
  return lines;
}

std::string without_keys(std::string_view configuration, std::span<const std::string> ignored_keys) {
  auto value = nlohmann::ordered_json::parse(configuration, nullptr, false);
  if (!value.is_object()) refuse_configuration(configuration);
  for (const std::string& key : ignored_keys) value.erase(key);
  return value.dump(1);
}

}  // namespace faultline::store
