#pragma once

#include "control/control.h"

namespace faultline::control {

// The perturbation that the same attack made for another image, as given: adversarial structure on the wrong
// image. Throws ContractError if it is missing.
DoubleTensor transfer(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
