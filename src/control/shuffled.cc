#include "control/shuffled.h"

#include <vector>

#include "base/random_permutation.h"

namespace faultline::control {

DoubleTensor shuffled(const ControlInput& input, const RandomStream& stream) {
  const TensorView d = input.perturbation;
  const std::int64_t positions = d.shape().elements(1, d.shape().rank());
  const std::vector<std::int64_t> order = random_permutation(positions, stream);
  DoubleTensor noise = DoubleTensor::uninitialised(d.shape());
  for (std::int64_t c = 0; c < d.shape()[0]; ++c) {
    const std::int64_t first = c * positions;
    for (std::int64_t p = 0; p < positions; ++p) {
      noise[first + p] = static_cast<double>(d[first + order[static_cast<std::size_t>(p)]]);
    }
  }
  return noise;
}

}  // namespace faultline::control
