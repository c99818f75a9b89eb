#include "control/flip_scale.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline::control {

namespace {

constexpr int kDoublings = 9;
constexpr double kPrecision = 1 + 1.0 / 16;

}  // namespace

Tensor add_scaled(TensorView image, DoubleTensorView noise, double scale) {
  require(image.shape() == noise.shape(), "control: image and noise differ in shape");
  Tensor result = Tensor::uninitialised(image.shape());
  for (std::int64_t i = 0; i < image.elements(); ++i)
    result[i] = static_cast<float>(std::clamp(static_cast<double>(image[i]) + scale * noise[i], 0.0, 1.0));
  return result;
}

FlipScale smallest_flip(TensorView image, DoubleTensorView noise, double largest, const FlipTest& flips) {
  require(largest > 0, "control::smallest_flip: no scale to try");
  std::vector<Tensor> grid;
  for (int k = kDoublings; k >= 0; --k) grid.push_back(add_scaled(image, noise, std::ldexp(largest, -k)));
  const std::vector<bool> flipped = flips(grid);
  const auto first = std::ranges::find(flipped, true);
  if (first == flipped.end()) return {largest, false};
  double high = std::ldexp(largest, static_cast<int>(first - flipped.begin()) - kDoublings);
  if (first == flipped.begin()) return {high, true};
  double low = high / 2;
  while (high > kPrecision * low) {
    const double middle = low + (high - low) / 2;
    const Tensor tried = add_scaled(image, noise, middle);
    (flips({&tried, 1}).front() ? high : low) = middle;
  }
  return {high, true};
}

}  // namespace faultline::control
