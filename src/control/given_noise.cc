#include "control/given_noise.h"

#include <algorithm>

#include "base/error.h"

namespace faultline::control {

DoubleTensor given_noise(TensorView given, const ControlInput& input) {
  require(given.shape() == input.perturbation.shape(),
          "control: the perturbation that it is made of is missing or of another shape");
  DoubleTensor noise = DoubleTensor::uninitialised(given.shape());
  std::copy_n(given.data(), given.elements(), noise.data());
  return noise;
}

}  // namespace faultline::control
