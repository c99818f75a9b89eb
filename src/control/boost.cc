#include "control/boost.h"

#include <algorithm>

#include "base/error.h"

namespace faultline::control {

DoubleTensor boost(const ControlInput& input, const RandomStream& /*stream*/) {
  const TensorView given = input.boost_perturbation;
  require(given.shape() == input.perturbation.shape(),
          "control::boost: the boost's perturbation is missing or of another shape");
  DoubleTensor noise = DoubleTensor::uninitialised(given.shape());
  std::copy_n(given.data(), given.elements(), noise.data());
  return noise;
}

}  // namespace faultline::control
