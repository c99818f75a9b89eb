#include "base/json_object.h"

#include <cmath>

#include "base/one_line.h"

namespace faultline {

using nlohmann::json;

namespace {

// The value, shortened, as the file has it.
std::string shown(const json& value) {
  const std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

}  // namespace

JsonObject::JsonObject(const json& value, ErrorKind kind, std::string file, std::string path)
    : value_(value), kind_(kind), file_(std::move(file)), path_(std::move(path)) {
  if (value_.is_object()) return;
  const std::string where = path_.empty() ? "" : " key '" + path_.substr(0, path_.size() - 1) + "':";
  throw Error(kind_, one_line(file_ + ":" + where + " got " + shown(value_) + ", expected an object"));
}

void JsonObject::refuse(const std::string& key, const std::string& what) const {
  throw Error(kind_, one_line(file_ + ": key '" + path_ + key + "': " + what));
}

const json& JsonObject::at(const std::string& key) {
  asked_.insert(key);
  const auto found = value_.find(key);
  if (found == value_.end()) refuse(key, "is missing");
  return *found;
}

JsonObject JsonObject::object(const std::string& key) {
  return {at(key), kind_, file_, path_ + key + "."};
}

std::string JsonObject::text(const std::string& key) {
  const json& value = at(key);
  if (!value.is_string()) refuse(key, "got " + shown(value) + ", expected a text");
  return value.get<std::string>();
}

std::string JsonObject::text_or(const std::string& key, std::string missing) {
  return has(key) ? text(key) : std::move(missing);
}

bool JsonObject::flag_or(const std::string& key, bool missing) {
  if (!has(key)) return missing;
  const json& value = at(key);
  if (!value.is_boolean()) refuse(key, "got " + shown(value) + ", expected true or false");
  return value.get<bool>();
}

int JsonObject::as_integer(const std::string& key, const json& value, int least, int most) const {
  const bool fits = value.is_number_integer() && value >= least && value <= most;
  if (!fits)
    refuse(key, "got " + shown(value) + ", expected an integer from " + std::to_string(least) + " to " +
                    std::to_string(most));
  return value.get<int>();
}

int JsonObject::integer(const std::string& key, int least, int most) {
  return as_integer(key, at(key), least, most);
}

std::vector<int> JsonObject::integers(const std::string& key, std::size_t count, int least, int most) {
  const json& value = at(key);
  if (!value.is_array() || value.size() != count)
    refuse(key, "got " + shown(value) + ", expected " + std::to_string(count) + " integers");
  std::vector<int> result;
  for (const json& element : value) result.push_back(as_integer(key, element, least, most));
  return result;
}

float JsonObject::as_number(const std::string& key, const json& value) const {
  if (!value.is_number()) refuse(key, "got " + shown(value) + ", expected a number");
  const auto number = static_cast<float>(value.get<double>());
  if (!std::isfinite(number)) refuse(key, "got " + shown(value) + ", which is out of range");
  return number;
}

float JsonObject::number(const std::string& key) {
  return as_number(key, at(key));
}

std::vector<float> JsonObject::numbers(const std::string& key, std::size_t count) {
  const json& value = at(key);
  if (!value.is_array() || value.size() != count)
    refuse(key, "got " + shown(value) + ", expected " + std::to_string(count) + " numbers");
  std::vector<float> result;
  for (const json& element : value) result.push_back(as_number(key, element));
  return result;
}

std::vector<std::string> JsonObject::texts(const std::string& key) {
  const json& value = at(key);
  if (!value.is_array()) refuse(key, "got " + shown(value) + ", expected a list of texts");
  std::vector<std::string> result;
  for (const json& element : value) {
    if (!element.is_string()) refuse(key, "got " + shown(element) + " in the list, expected a text");
    result.push_back(element.get<std::string>());
  }
  return result;
}

std::vector<JsonObject> JsonObject::objects(const std::string& key) {
  const json& value = at(key);
  if (!value.is_array()) refuse(key, "got " + shown(value) + ", expected a list of objects");
  std::vector<JsonObject> result;
  for (std::size_t i = 0; i < value.size(); ++i) {
    result.emplace_back(value[i], kind_, file_, path_ + key + "[" + std::to_string(i) + "].");
  }
  return result;
}

void JsonObject::finish() const {
  for (const auto& item : value_.items()) {
    if (!asked_.contains(item.key())) refuse(item.key(), "is unknown");
  }
}

}  // namespace faultline
