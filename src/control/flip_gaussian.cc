#include "control/flip_gaussian.h"

namespace faultline::control {

DoubleTensor flip_gaussian(const ControlInput& input, const RandomStream& stream) {
  DoubleTensor noise = DoubleTensor::uninitialised(input.perturbation.shape());
  for (std::int64_t i = 0; i < noise.elements(); ++i)
    noise[i] = input.options.largest_std * stream.normal(static_cast<std::uint64_t>(i));
  return noise;
}

}  // namespace faultline::control
