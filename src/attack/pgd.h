#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// Projected gradient descent (Madry et al. 2018, section 2.1): projected steps from a random point of the
// ball, the best of several restarts (ascent.h).
extern const AttackEntry kPgd;

}  // namespace faultline::attack
