#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// NI-FGSM (Lin et al. 2020, section 3.2): a momentum ascent with Nesterov's look-ahead (momentum_ascent.h).
extern const AttackEntry kNiFgsm;

}  // namespace faultline::attack
