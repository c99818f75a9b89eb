#include "control/sign.h"

#include <cmath>

namespace faultline::control {

DoubleTensor sign(const ControlInput& input, const RandomStream& stream) {
  DoubleTensor noise = DoubleTensor::uninitialised(input.perturbation.shape());
  for (std::int64_t i = 0; i < noise.elements(); ++i) {
    const double size = std::abs(static_cast<double>(input.perturbation[i]));
    noise[i] = stream.uniform(static_cast<std::uint64_t>(i)) < 0.5 ? -size : size;
  }
  return noise;
}

}  // namespace faultline::control
