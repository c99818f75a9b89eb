#include "control/gaussian.h"

namespace faultline::control {

DoubleTensor gaussian(const ControlInput& input, const RandomStream& stream) {
  DoubleTensor noise = DoubleTensor::uninitialised(input.perturbation.shape());
  stream.fill_normal(0, noise.values());
  match_moments(input.perturbation, input.options.moments, noise);
  return noise;
}

}  // namespace faultline::control
