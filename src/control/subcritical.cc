#include "control/subcritical.h"

#include "control/given_noise.h"

namespace faultline::control {

DoubleTensor subcritical(const ControlInput& input, const RandomStream& /*stream*/) {
  return given_noise(input.perturbation, input);
}

}  // namespace faultline::control
