#include "control/flip_gaussian.h"

namespace faultline::control {

DoubleTensor flip_gaussian(const ControlInput& input, const RandomStream& stream) {
  DoubleTensor noise = DoubleTensor::uninitialised(input.perturbation.shape());
  stream.fill_normal(0, noise.values());
  for (double& value : noise.values()) value *= input.options.largest_std;
  return noise;
}

}  // namespace faultline::control
