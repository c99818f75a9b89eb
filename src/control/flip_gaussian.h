#pragma once

#include "control/control.h"

namespace faultline::control {

// Independent normal noise of mean 0 and the largest standard deviation that is tried: at scale s its
// deviation is s times that (before clipping).
DoubleTensor flip_gaussian(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
