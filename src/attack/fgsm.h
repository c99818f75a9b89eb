#pragma once

#include <memory>

#include "attack/attack.h"
#include "attack/options.h"

namespace faultline::attack {

// The fast gradient sign method (Goodfellow et al. 2015, section 4), one step to the ball's surface:
//   Linf: x_a = clip(x + eps sign(dJ/dx));   L2: x_a = clip(x + eps g/|g|), g = dJ/dx; J the score.
struct FgsmOptions {
  Ball ball = {};
  Objective objective = {};
};

// Throws Error{usage} if eps is out of range.
std::unique_ptr<Attack> make_fgsm(const FgsmOptions& options);
// Throws Error{usage} also if anything but ball and objective is set: it is always one step.
std::unique_ptr<Attack> make_fgsm(const AttackOptions& options);

}  // namespace faultline::attack
