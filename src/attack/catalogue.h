#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "attack/attack.h"
#include "attack/entry.h"
#include "base/settings.h"

namespace faultline::attack {

// The attacks that exist: adding one is adding its line in catalogue.cc (and its file).
std::span<const AttackEntry> attack_catalogue();

// The attack's settings: its defaults, but for assignments such as "eps=8/255". Throws Error{usage} listing
// the names if there is no such attack, and what Settings throws.
Settings attack_settings(std::string_view name, std::initializer_list<std::string_view> assignments = {});

// The attack that the settings name. Throws Error{usage} for values that do not go together.
std::unique_ptr<Attack> make_attack(const Settings& settings);
std::unique_ptr<Attack> make_attack(std::string_view name,
                                    std::initializer_list<std::string_view> assignments = {});

}  // namespace faultline::attack
