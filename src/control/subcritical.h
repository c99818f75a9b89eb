#pragma once

#include "control/control.h"

namespace faultline::control {

// The perturbation itself: at scale s, a share s of the attack.
DoubleTensor subcritical(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
