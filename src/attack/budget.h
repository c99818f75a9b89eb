#pragma once

#include <cstdint>

#include "base/settings.h"

namespace faultline::attack {

// An attack's settings with so few steps that no image takes more than `passes` passes (Attack::cost, forward
// and backward counted alike): the parameter `steps`, or `queries` of an attack that takes those, is lowered
// to the largest number that fits, and never raised. Throws Error{usage} if even one step takes more, or if
// the attack has no number of steps, or two, and takes more.
Settings within_passes(const Settings& settings, std::int64_t passes);

}  // namespace faultline::attack
