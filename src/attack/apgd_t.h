#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// Auto-PGD (apgd.h) towards one class after the other, on the targeted difference of logits ratio (dlr.h).
extern const AttackEntry kApgdT;

}  // namespace faultline::attack
