#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// Auto-PGD (apgd.h) on the cross-entropy.
extern const AttackEntry kApgdCe;

}  // namespace faultline::attack
