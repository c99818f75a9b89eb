#include "study/attack_json.h"

namespace faultline::study {

nlohmann::ordered_json attack_json(const attack::Attack& attack) {
  return {{"name", attack.name()}, {"settings", attack.settings().json()}};
}

}  // namespace faultline::study
