#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// PGD in the L2 ball (ascent.h): pgd with norm l2, and defaults for lengths.
extern const AttackEntry kPgdL2;

}  // namespace faultline::attack
