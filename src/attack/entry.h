#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "attack/attack.h"
#include "base/settings.h"

namespace faultline::attack {

// What the catalogue holds of an attack; each is defined in the attack's own file.
struct AttackEntry {
  std::string_view name;
  std::string_view summary;  // one line, no full stop
  std::string_view source;   // "Madry et al. 2018, arXiv 1706.06083"
  std::span<const Parameter> parameters;
  // Of settings of this entry's parameters. Throws Error{usage} for values that do not go together.
  std::unique_ptr<Attack> (*make)(const Settings& settings);
};

}  // namespace faultline::attack
