#pragma once

#include "control/control.h"

namespace faultline::control {

// A perturbation that is a noise as it stands. Throws ContractError if it is missing or of another shape than
// the one to be imitated.
DoubleTensor given_noise(TensorView given, const ControlInput& input);

}  // namespace faultline::control
