#include "control/boost.h"

#include "control/given_noise.h"

namespace faultline::control {

DoubleTensor boost(const ControlInput& input, const RandomStream& /*stream*/) {
  return given_noise(input.boost_perturbation, input);
}

}  // namespace faultline::control
