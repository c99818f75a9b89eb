#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"

namespace faultline {

// Reads one JSON object strictly: every key is asked for once, and finish() refuses those that nobody asked
// for. All errors are Error{kind} "FILE: key 'input.mean': got ..., expected ...".
class JsonObject {
 public:
  // `path` is "" for the outermost object, else "input.".
  JsonObject(const nlohmann::json& value, ErrorKind kind, std::string file, std::string path);

  bool has(const std::string& key) const { return value_.contains(key); }
  JsonObject object(const std::string& key);
  std::string text(const std::string& key);
  std::string text_or(const std::string& key, std::string missing);
  bool flag_or(const std::string& key, bool missing);
  // In [least, most].
  int integer(const std::string& key, int least, int most);
  // `count` of them, each in [least, most].
  std::vector<int> integers(const std::string& key, std::size_t count, int least, int most);
  float number(const std::string& key);
  std::vector<float> numbers(const std::string& key, std::size_t count);
  std::vector<std::string> texts(const std::string& key);
  std::vector<JsonObject> objects(const std::string& key);
  void finish() const;

  [[noreturn]] void refuse(const std::string& key, const std::string& what) const;

 private:
  const nlohmann::json& at(const std::string& key);
  int as_integer(const std::string& key, const nlohmann::json& value, int least, int most) const;
  float as_number(const std::string& key, const nlohmann::json& value) const;

  const nlohmann::json& value_;
  ErrorKind kind_;
  std::string file_;
  std::string path_;
  std::set<std::string> asked_;
};

}  // namespace faultline
