#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// Auto-PGD (apgd.h) on the difference of logits ratio (dlr.h).
extern const AttackEntry kApgdDlr;

}  // namespace faultline::attack
