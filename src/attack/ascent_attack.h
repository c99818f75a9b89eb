#pragma once

#include <memory>

#include "attack/ascent.h"

namespace faultline::attack {

// An ascent as an Attack. Throws Error{usage} if it is not a valid one (check).
std::unique_ptr<Attack> make_ascent_attack(const Ascent& ascent);

// Throws Error{usage} saying that the attack takes no such option, if it is set.
void refuse_if_set(bool is_set, const char* attack, const char* option);

}  // namespace faultline::attack
