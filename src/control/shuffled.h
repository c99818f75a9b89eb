#pragma once

#include "control/control.h"

namespace faultline::control {

// d with its pixel positions permuted, channels together: n[c,p] = d[c,pi(p)], pi uniform (Fisher-Yates). The
// same values, no structure.
DoubleTensor shuffled(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
