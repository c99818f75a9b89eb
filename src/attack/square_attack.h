#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// The Square Attack (square.h).
extern const AttackEntry kSquare;

}  // namespace faultline::attack
