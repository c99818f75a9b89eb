#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// The fast gradient sign method (Goodfellow et al. 2015, section 4), one step to the ball's surface:
//   Linf: x_a = clip(x + eps sign(dJ/dx));   L2: x_a = clip(x + eps g/|g|), g = dJ/dx; J the score.
extern const AttackEntry kFgsm;

}  // namespace faultline::attack
