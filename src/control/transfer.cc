#include "control/transfer.h"

#include "control/given_noise.h"

namespace faultline::control {

DoubleTensor transfer(const ControlInput& input, const RandomStream& /*stream*/) {
  return given_noise(input.transfer_perturbation, input);
}

}  // namespace faultline::control
