#pragma once

#include "control/control.h"

namespace faultline::control {

// Independent normal values with d's sample mean and std, per channel or over the image (match_moments).
DoubleTensor gaussian(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
