#include "attack/gaussian_kernel.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline::attack {

namespace {

// Convolves `count` values at `stride` from `first`.
void smooth_line(std::span<const double> kernel, std::span<double> values, std::size_t first,
                 std::size_t stride, std::size_t count, std::vector<double>& line) {
  const std::size_t half = kernel.size() / 2;
  line.assign(count, 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = i < half ? half - i : 0;
    const std::size_t to = std::min(kernel.size(), count + half - i);
    for (std::size_t j = from; j < to; ++j) line[i] += kernel[j] * values[first + (i + j - half) * stride];
  }
  for (std::size_t i = 0; i < count; ++i) values[first + i * stride] = line[i];
}

}  // namespace

std::vector<double> gaussian_kernel(int size, double reach) {
  require(size >= 1 && size % 2 == 1, "gaussian_kernel: the size must be odd");
  std::vector<double> kernel;
  double sum = 0;
  for (int i = 0; i < size; ++i) {
    const double z = size == 1 ? 0 : reach * (2.0 * i / (size - 1) - 1);
    kernel.push_back(std::exp(-z * z / 2));
    sum += kernel.back();
  }
  for (double& weight : kernel) weight /= sum;
  return kernel;
}

void smooth(std::span<const double> kernel, MutableTensorView values) {
  require(values.shape().rank() == 3, "smooth: expected [C,H,W]");
  if (kernel.size() == 1) return;
  const auto channels = static_cast<std::size_t>(values.shape()[0]);
  const auto height = static_cast<std::size_t>(values.shape()[1]);
  const auto width = static_cast<std::size_t>(values.shape()[2]);
  std::vector<double> all(values.values().begin(), values.values().end());
  std::vector<double> line;
  for (std::size_t c = 0; c < channels; ++c) {
    const std::size_t base = c * height * width;
    for (std::size_t y = 0; y < height; ++y) smooth_line(kernel, all, base + y * width, 1, width, line);
    for (std::size_t x = 0; x < width; ++x) smooth_line(kernel, all, base + x, width, height, line);
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    values[static_cast<std::int64_t>(i)] = static_cast<float>(all[i]);
}

}  // namespace faultline::attack
