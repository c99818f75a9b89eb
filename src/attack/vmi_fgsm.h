#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// VMI-FGSM (Wang & He 2021, algorithm 1): a momentum ascent along the gradient plus how much the mean of the
// gradients round the point before differed from the one there (momentum_ascent.h).
extern const AttackEntry kVmiFgsm;

}  // namespace faultline::attack
