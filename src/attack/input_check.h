#pragma once

#include <string>

#include "attack/attack.h"

namespace faultline::attack {

// Throws what Attack::run says it throws before any pass.
void check_input(const engine::Plan& plan, const Objective& objective, const AttackInput& input);

// Throws Error{usage} if the network has fewer classes than `what` needs.
void check_classes_suffice(const engine::Plan& plan, int least, const std::string& what);

}  // namespace faultline::attack
