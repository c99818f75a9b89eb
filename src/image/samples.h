#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "image/decode.h"

namespace faultline::codec {

// What a decoder yields: interleaved samples as stored in the file, top row first.
//   channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha (straight, not premultiplied)
//   maximum: the value of full intensity; a sample is one byte if maximum <= 255, else two in native order
//   exif: the EXIF block found on the way, with or without the leading "Exif\0\0"; empty if none
struct Samples {
  int width = 0;
  int height = 0;
  int channels = 3;
  int maximum = 255;
  std::vector<std::uint8_t> bytes;
  std::string exif;
};

// Sets the size and makes room for it. Throws Error{image} if the size is zero or above the limit: to be
// called with the header's numbers before anything is decoded.
void allocate(Samples& samples, std::int64_t width, std::int64_t height, const std::string& name,
              const DecodeOptions& options);

// Composites over white, turns upright (orientation 1 to 8 as in EXIF) and scales to [0,1].
Image to_image(const Samples& samples, int orientation);

// Throws Error{image}: "NAME: REASON".
[[noreturn]] void refuse(const std::string& name, const std::string& reason);

// One decoder a format. All throw Error{image} naming the picture.
Samples decode_jpeg(std::string_view bytes, const std::string& name, const DecodeOptions& options);
Samples decode_png(std::string_view bytes, const std::string& name, const DecodeOptions& options);
Samples decode_webp(std::string_view bytes, const std::string& name, const DecodeOptions& options);
Samples decode_pnm(std::string_view bytes, const std::string& name, const DecodeOptions& options);

}  // namespace faultline::codec
