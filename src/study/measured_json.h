#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "compare/measured.h"

namespace faultline::study {

// null where a value is missing.
inline nlohmann::ordered_json json_of(const compare::Measured& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}
inline nlohmann::ordered_json json_of(const std::vector<compare::Measured>& values) {
  auto list = nlohmann::ordered_json::array();
  for (const compare::Measured& each : values) list.push_back(json_of(each));
  return list;
}

}  // namespace faultline::study
