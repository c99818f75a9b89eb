#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// MI-FGSM (Dong et al. 2018, algorithm 1): a momentum ascent (momentum_ascent.h) with nothing added.
// With decay 0 it is BIM.
extern const AttackEntry kMiFgsm;

}  // namespace faultline::attack
