#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// TI-FGSM with momentum (Dong et al. 2019, section 3.3, TI-MI-FGSM): a momentum ascent along gradients that
// are smoothed by a Gaussian (momentum_ascent.h).
extern const AttackEntry kTiFgsm;

}  // namespace faultline::attack
