#include "image/overlay.h"

#include <cmath>

namespace faultline {

namespace {

Tensor grey(TensorView picture) {
  Tensor result(picture.shape());
  const std::int64_t plane = picture.shape().elements(1, 3);
  for (std::int64_t i = 0; i < plane; ++i) {
    const float luma = 0.299F * picture[i] + 0.587F * picture[plane + i] + 0.114F * picture[2 * plane + i];
    for (std::int64_t c = 0; c < 3; ++c) result[c * plane + i] = luma;
  }
  return result;
}

// Faded towards white, with a dark line every eighth of the longer side.
Tensor struck_through(TensorView picture) {
  Tensor result = grey(picture);
  const std::int64_t height = picture.shape()[1];
  const std::int64_t width = picture.shape()[2];
  const std::int64_t period = std::max<std::int64_t>(std::max(height, width) / 8, 2);
  const std::int64_t thickness = std::max<std::int64_t>(period / 16, 1);
  const std::int64_t elements = result.elements();
  for (std::int64_t i = 0; i < elements; ++i) {
    const std::int64_t y = i / width % height;
    const std::int64_t x = i % width;
    const bool on_line = (x + y) % period < thickness;
    result[i] = on_line ? 0.45F : 0.6F + 0.4F * result[i];
  }
  return result;
}

}  // namespace

Tensor overlay(TensorView picture, const ScaledMap& map, const OverlayOptions& options) {
  require(picture.shape().rank() == 3 && picture.shape()[0] == 3, "overlay: expected a picture [3,H,W]");
  if (map.blank) return struck_through(picture);
  const int height = static_cast<int>(picture.shape()[1]);
  const int width = static_cast<int>(picture.shape()[2]);
  Tensor result = options.grey_picture ? grey(picture) : Tensor(picture);
  const Tensor values = upsample_bilinear(map.values, height, width);
  const std::int64_t plane = values.elements();
  const float reach = std::max(map.zero, 1.0F - map.zero);
  for (std::int64_t i = 0; i < plane; ++i) {
    const float strength = options.proportional ? std::fabs(values[i] - map.zero) / reach : 1.0F;
    const auto colour = colour_of(options.colours, values[i]);
    for (std::size_t c = 0; c < 3; ++c) {
      float& pixel = result[static_cast<std::int64_t>(c) * plane + i];
      const float share = options.opacity * strength;
      pixel = (1 - share) * pixel + share * colour[c];
    }
  }
  return result;
}

}  // namespace faultline
