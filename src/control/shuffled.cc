#include "control/shuffled.h"

#include <numeric>
#include <utility>
#include <vector>

namespace faultline::control {

namespace {

std::vector<std::int64_t> permutation(std::int64_t n, const RandomStream& stream) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[stream.below(i, i)]);
  return order;
}

}  // namespace

DoubleTensor shuffled(const ControlInput& input, const RandomStream& stream) {
  const TensorView d = input.perturbation;
  const std::int64_t positions = d.shape().elements(1, d.shape().rank());
  const std::vector<std::int64_t> order = permutation(positions, stream);
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
