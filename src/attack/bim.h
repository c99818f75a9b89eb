#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// The basic iterative method (Kurakin et al. 2017, section 2.2): projected steps from the clean image
// (ascent.h).
extern const AttackEntry kBim;

}  // namespace faultline::attack
