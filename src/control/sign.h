#pragma once

#include "control/control.h"

namespace faultline::control {

// abs(d) with independent random signs: n[i] = +-abs(d[i]). The same sizes at the same places; the mean is
// not d's.
DoubleTensor sign(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
