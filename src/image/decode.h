#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "tensor/tensor.h"

namespace faultline {

// A decoded picture. `pixels` is [3, height, width], RGB, in pixel units [0,1]: exactly k/255 (rounded to
// float) for an 8-bit source, k/65535 for a 16-bit one.
struct Image {
  int width = 0;
  int height = 0;
  Tensor pixels{};
};

struct DecodeOptions {
  std::int64_t max_pixels = 100'000'000;  // width * height beyond this is refused, from the header alone
};

// Decodes JPEG, PNG, WebP, PPM or PGM (P2, P3, P5, P6), told apart by content. Grey becomes R = G = B; alpha
// is composited over white, at full precision and not rounded; a CMYK JPEG becomes R = (1-C)(1-K) and so on,
// without a colour profile. Embedded colour profiles and gamma are ignored. The EXIF orientation is applied,
// whichever format carries it.
//   name: what to call the picture in errors, usually its path.
// Throws Error{image} naming it if the content is of another format, truncated, damaged (a mere libjpeg
// warning counts), animated or larger than max_pixels.
Image decode_image(std::string_view bytes, const std::string& name, const DecodeOptions& options = {});

// decode_image of a file's content. Throws Error{image} also if the file cannot be read.
Image read_image(const std::filesystem::path& path, const DecodeOptions& options = {});

}  // namespace faultline
