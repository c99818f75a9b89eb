#pragma once

#include "attack/attack.h"

namespace faultline::attack {

// Throws what Attack::run says it throws before any pass.
void check_input(const engine::Plan& plan, const Objective& objective, const AttackInput& input);

}  // namespace faultline::attack
