#pragma once

#include "control/control.h"

namespace faultline::control {

// What is taken of the smallest flipping share of the perturbation.
inline constexpr double kSubcriticalShare = 0.9;

// The perturbation itself: at scale s, a share s of the attack.
DoubleTensor subcritical(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
