#pragma once

#include <nlohmann/json.hpp>

#include "attack/attack.h"

namespace faultline::study {

// {"name": "pgd", "settings": {"norm": "linf", "eps": 0.0157, ...}}: every parameter, given or by default.
nlohmann::ordered_json attack_json(const attack::Attack& attack);

}  // namespace faultline::study
