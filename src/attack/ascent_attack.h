#pragma once

#include <memory>

#include "attack/ascent.h"
#include "base/settings.h"

namespace faultline::attack {

// An ascent as an Attack. Its name and objective are those of the settings.
std::unique_ptr<Attack> make_ascent_attack(const Settings& settings, Ascent ascent);

}  // namespace faultline::attack
