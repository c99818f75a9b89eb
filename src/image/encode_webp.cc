#include <webp/encode.h>

#include <new>
#include <vector>

#include "base/error.h"
#include "image/encode.h"

namespace faultline {

std::string encode_webp(TensorView pixels, int quality) {
  require(pixels.shape().rank() == 3 && pixels.shape()[0] == 3 && pixels.elements() > 0,
          "encode_webp: expected [3,h,w]");
  require(quality >= 0 && quality <= 100, "encode_webp: quality is 0 to 100");
  const std::int64_t height = pixels.shape()[1];
  const std::int64_t width = pixels.shape()[2];
  require(height <= WEBP_MAX_DIMENSION && width <= WEBP_MAX_DIMENSION, "encode_webp: too large a picture");
  const std::int64_t area = height * width;
  std::vector<std::uint8_t> rgb(static_cast<std::size_t>(3 * area));
  for (std::int64_t i = 0; i < area; ++i) {
    for (std::int64_t c = 0; c < 3; ++c)
      rgb[static_cast<std::size_t>(3 * i + c)] =
          static_cast<std::uint8_t>(to_level(pixels[c * area + i], 255));
  }
  std::uint8_t* encoded = nullptr;
  const std::size_t size = WebPEncodeRGB(rgb.data(), static_cast<int>(width), static_cast<int>(height),
                                         static_cast<int>(3 * width), static_cast<float>(quality), &encoded);
  if (size == 0) throw std::bad_alloc();  // of a picture that it can hold, nothing else goes wrong
  std::string bytes(static_cast<const char*>(static_cast<const void*>(encoded)), size);
  WebPFree(encoded);
  return bytes;
}

}  // namespace faultline
