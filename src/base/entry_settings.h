#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>

#include "base/settings.h"

namespace faultline {

// Settings of several entries at once, told apart by the entries' names. Everything a user can get wrong
// throws Error{usage}: what Settings throws, or that no such entry is among them, with those that are.

// Whether an assignment names an entry: ENTRY.PARAMETER=VALUE rather than PARAMETER=VALUE.
bool names_entry(std::string_view assignment);
// "road.noise=0.02".
void set_assignment(std::span<Settings> entries, std::string_view assignment);
// {"road": {"noise": 0.02}}: an object of parameters for each entry that is to be set.
void set_all(std::span<Settings> entries, const nlohmann::json& object);

// Every entry that has parameters, with all their values; set_all() takes it back.
nlohmann::ordered_json settings_json(std::span<const Settings> entries);

}  // namespace faultline
