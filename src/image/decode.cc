#include "image/decode.h"

#include "base/error.h"
#include "base/files.h"
#include "image/exif.h"
#include "image/samples.h"

namespace faultline {

namespace {

codec::Samples decode_any(std::string_view bytes, const std::string& name, const DecodeOptions& options) {
  if (bytes.empty()) codec::refuse(name, "the file is empty");
  if (bytes.starts_with("\xff\xd8\xff")) return codec::decode_jpeg(bytes, name, options);
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return codec::decode_png(bytes, name, options);
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) {
    return codec::decode_webp(bytes, name, options);
  }
  if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7') {
    return codec::decode_pnm(bytes, name, options);
  }
  codec::refuse(name, "not a picture, or of an unknown format; expected JPEG, PNG, WebP, PPM or PGM");
}

}  // namespace

Image decode_image(std::string_view bytes, const std::string& name, const DecodeOptions& options) {
  const codec::Samples samples = decode_any(bytes, name, options);
  return codec::to_image(samples, codec::exif_orientation(samples.exif));
}

Image read_image(const std::filesystem::path& path, const DecodeOptions& options) {
  std::string bytes;
  try {
    bytes = read_file(path);
  } catch (const Error& error) {
    throw Error(ErrorKind::image, error.what());
  }
  return decode_image(bytes, path.string(), options);
}

}  // namespace faultline
