#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// R+FGSM (Tramer et al. 2018, section 4.1): a random step, then a gradient step of what is left of eps:
//   x' = clip(x + alpha sign(n)), n normal;   x_a = clip(x' + (eps - alpha) sign(dJ/dx'))     Linf
// and for L2 with n/|n| and g/|g| in place of the signs.
extern const AttackEntry kRfgsm;

}  // namespace faultline::attack
