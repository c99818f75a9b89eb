#include "heatmap/upsample.h"

#include <algorithm>
#include <cmath>

namespace faultline::heatmap {
namespace {

// The two cells that a position of the result lies between, and how near to the second.
struct Blend {
  std::int64_t first;
  std::int64_t second;
  double weight;
};

Blend blend_at(std::int64_t i, std::int64_t in, std::int64_t out) {
  const double position =
      std::clamp((static_cast<double>(i) + 0.5) * static_cast<double>(in) / static_cast<double>(out) - 0.5,
                 0.0, static_cast<double>(in - 1));
  const auto first = static_cast<std::int64_t>(position);
  return {first, std::min(first + 1, in - 1), position - static_cast<double>(first)};
}

double mix(double a, double b, double weight) {
  return a + weight * (b - a);
}

}  // namespace

DoubleTensor upsample(DoubleTensorView map, std::int64_t height, std::int64_t width) {
  require(map.shape().rank() == 2 && map.elements() > 0 && height > 0 && width > 0, "upsample: [h,w]");
  const std::int64_t in_width = map.shape()[1];
  DoubleTensor result = DoubleTensor::uninitialised(Shape{height, width});
  for (std::int64_t y = 0; y < height; ++y) {
    const Blend row = blend_at(y, map.shape()[0], height);
    for (std::int64_t x = 0; x < width; ++x) {
      const Blend column = blend_at(x, in_width, width);
      const auto along = [&](std::int64_t of_row) {
        return mix(map[of_row * in_width + column.first], map[of_row * in_width + column.second],
                   column.weight);
      };
      result[y * width + x] = mix(along(row.first), along(row.second), row.weight);
    }
  }
  return result;
}

}  // namespace faultline::heatmap
