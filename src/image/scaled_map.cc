#include "image/scaled_map.h"

#include <cmath>

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
  const auto position = [](int i, std::int64_t in, int out) {
    const double p = (i + 0.5) * static_cast<double>(in) / out - 0.5;
    return std::clamp(p, 0.0, static_cast<double>(in - 1));
  };
  auto result = Tensor::uninitialised({height, width});
  for (int y = 0; y < height; ++y) {
    const double v = position(y, in_height, height);
    const auto top = static_cast<std::int64_t>(v);
    const float* upper = map.data() + top * in_width;
    const float* lower = map.data() + std::min(top + 1, in_height - 1) * in_width;
    for (int x = 0; x < width; ++x) {
      const double u = position(x, in_width, width);
      const auto left = static_cast<std::int64_t>(u);
      const std::int64_t right = std::min(left + 1, in_width - 1);
      const auto blend = [&](const float* row) {
        return std::lerp(static_cast<double>(row[left]), static_cast<double>(row[right]),
                         u - static_cast<double>(left));
      };
      const double value = std::lerp(blend(upper), blend(lower), v - static_cast<double>(top));
      result[std::int64_t{y} * width + x] = static_cast<float>(value);
    }
  }
  return result;
}

}  // namespace faultline
