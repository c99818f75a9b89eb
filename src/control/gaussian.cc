#include "control/gaussian.h"

namespace faultline::control {

DoubleTensor gaussian(const ControlInput& input, const RandomStream& stream) {
  DoubleTensor noise = DoubleTensor::uninitialised(input.perturbation.shape());
  for (std::int64_t i = 0; i < noise.elements(); ++i) noise[i] = stream.normal(static_cast<std::uint64_t>(i));
  match_moments(input.perturbation, input.options.moments, noise);
  return noise;
}

}  // namespace faultline::control
