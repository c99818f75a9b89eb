#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "attack/attack.h"
#include "attack/options.h"

namespace faultline::attack {

struct AttackEntry {
  std::string_view name;
  std::string_view summary;  // one line, for help texts
  std::unique_ptr<Attack> (*make)(const AttackOptions&);
};

// The attacks that exist: adding one is adding its line in catalogue.cc (and its file).
std::span<const AttackEntry> attack_catalogue();

// Throws Error{usage} listing the names if there is none of this name, and what the attack's factory throws.
std::unique_ptr<Attack> make_attack(std::string_view name, const AttackOptions& options);

}  // namespace faultline::attack
