#include "study/engine_json.h"

#include <nlohmann/json.hpp>

namespace faultline::study {

nlohmann::ordered_json engine_json(const engine::Engine& engine) {
  nlohmann::ordered_json json = {{"name", engine.name()}};
  for (const auto& [key, value] : engine.settings()) json[key] = value;
  return json;
}

}  // namespace faultline::study
