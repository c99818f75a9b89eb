#include <webp/decode.h>

#include "image/samples.h"

namespace faultline::codec {

namespace {

std::size_t little_endian_32(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

// The payload of the first chunk of that name; chunks are padded to even sizes.
std::string find_chunk(std::string_view riff, std::string_view name) {
  std::string_view left = riff.substr(12);
  while (left.size() >= 8) {
    const std::size_t size = little_endian_32(left.substr(4));
    const std::string_view payload = left.substr(8, size);
    if (left.starts_with(name)) return std::string(payload);
    left.remove_prefix(std::min(left.size(), 8 + size + size % 2));
  }
  return {};
}

}  // namespace

Samples decode_webp(std::string_view bytes, const std::string& name, const DecodeOptions& options) {
  // libwebp needs only the pixels' own chunk, so a file cut after it would pass.
  const std::size_t stated = little_endian_32(bytes.substr(4)) + 8;
  if (stated > bytes.size()) {
    refuse(name, "damaged WebP: " + std::to_string(bytes.size()) + " bytes, its header states " +
                     std::to_string(stated));
  }
  const std::string_view riff = bytes.substr(0, std::max<std::size_t>(stated, 12));
  const auto* data = reinterpret_cast<const std::uint8_t*>(riff.data());
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(data, riff.size(), &features) != VP8_STATUS_OK)
    refuse(name, "damaged WebP: unreadable header");
  if (features.has_animation != 0) refuse(name, "an animated WebP, expected a still picture");
  Samples samples;
  samples.channels = features.has_alpha != 0 ? 4 : 3;
  allocate(samples, features.width, features.height, name, options);
  const int row_bytes = samples.width * samples.channels;
  const auto decode = samples.channels == 4 ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
  if (decode(data, riff.size(), samples.bytes.data(), samples.bytes.size(), row_bytes) == nullptr) {
    refuse(name, "damaged WebP: the pixels cannot be decoded");
  }
  samples.exif = find_chunk(riff, "EXIF");
  return samples;
}

}  // namespace faultline::codec
