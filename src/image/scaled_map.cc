#include "image/scaled_map.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace faultline {

namespace {

// What a scale makes of the extremes of a map: v -> (v - low) / (high - low), clipped.
void set_range(ScaledMap& scaled, float least, float most, MapScale scale) {
  const float largest = std::max(std::fabs(least), std::fabs(most));
  switch (scale) {
    case MapScale::maximum:
      scaled.high = std::max(most, 0.0F);
      break;
    case MapScale::min_max:
      scaled.low = least;
      scaled.high = most;
      break;
    case MapScale::symmetric:
      scaled.low = -largest;
      scaled.high = largest;
      scaled.zero = 0.5F;
      break;
  }
  scaled.blank = !(scaled.high > scaled.low);
}

// Which two cells a position of the result lies between, and how near to the right one.
struct Blend {
  std::int64_t left;
  std::int64_t right;
  double weight;
};

std::vector<Blend> blends(std::int64_t in, int out) {
  std::vector<Blend> result;
  for (int i = 0; i < out; ++i) {
    const double position =
        std::clamp((i + 0.5) * static_cast<double>(in) / out - 0.5, 0.0, static_cast<double>(in - 1));
    const auto left = static_cast<std::int64_t>(position);
    result.push_back({left, std::min(left + 1, in - 1), position - static_cast<double>(left)});
  }
  return result;
}

double mix(double a, double b, double weight) {
  return a + weight * (b - a);
}

}  // namespace

ScaledMap scale_map(TensorView map, MapScale scale) {
  require(map.shape().rank() == 2 && map.elements() > 0, "scale_map: expected [h,w]");
  for (const float value : map.values()) require(std::isfinite(value), "scale_map: NaN or infinity");
  const auto [least, most] = std::minmax_element(map.values().begin(), map.values().end());
  ScaledMap scaled{.values = Tensor(map.shape())};
  set_range(scaled, *least, *most, scale);
  // In double: the range of two floats may overflow one.
  const double range = static_cast<double>(scaled.high) - static_cast<double>(scaled.low);
  for (std::int64_t i = 0; i < map.elements(); ++i) {
    const double share = scaled.blank
                             ? static_cast<double>(scaled.zero)
                             : (static_cast<double>(map[i]) - static_cast<double>(scaled.low)) / range;
    scaled.values[i] = static_cast<float>(std::clamp(share, 0.0, 1.0));
  }
  return scaled;
}

Tensor upsample_bilinear(TensorView map, int height, int width) {
  require(map.shape().rank() == 2 && map.elements() > 0, "upsample_bilinear: expected [h,w]");
  require(height > 0 && width > 0, "upsample_bilinear: the result has no pixels");
  const std::int64_t in_height = map.shape()[0];
  const std::int64_t in_width = map.shape()[1];
  const std::vector<Blend> columns = blends(in_width, width);
  const std::vector<Blend> rows = blends(in_height, height);
  auto result = Tensor::uninitialised({height, width});
  float* out = result.data();
  for (const Blend& row : rows) {
    const float* upper = map.data() + row.left * in_width;
    const float* lower = map.data() + row.right * in_width;
    for (const Blend& column : columns) {
      const double above = mix(upper[column.left], upper[column.right], column.weight);
      const double below = mix(lower[column.left], lower[column.right], column.weight);
      *out++ = static_cast<float>(mix(above, below, row.weight));
    }
  }
  return result;
}

}  // namespace faultline
