#pragma once

#include "control/control.h"

namespace faultline::control {

// The perturbation of the same attack descending the loss, as given: matching it to d's length is all there
// is to do. Whether the class is kept is for the caller to see. Throws ContractError if it is missing.
DoubleTensor boost(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
