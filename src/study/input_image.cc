#include "study/input_image.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "base/sha256.h"
#include "image/resize.h"
#include "study/decode_input.h"
#include "tensor/npy.h"

namespace faultline::study {

namespace {

std::string read_picture(const std::filesystem::path& file) {
  try {
    return read_file(file);
  } catch (const Error& error) {
    throw Error(ErrorKind::image, error.what());
  }
}

void check_perturbed(const std::filesystem::path& file, const Tensor& pixels, const Shape& expected) {
  if (!(pixels.shape() == expected)) {
    throw Error(ErrorKind::image, file.string() + ": a perturbed input of " + pixels.shape().to_string() +
                                      ", expected " + expected.to_string() + ", the network's input size");
  }
  const auto outside = std::find_if(pixels.values().begin(), pixels.values().end(),
                                    [](float v) { return !(v >= 0.0F && v <= 1.0F); });
  if (outside != pixels.values().end()) {
    throw Error(ErrorKind::image, file.string() + ": the value " + std::to_string(*outside) + " at index " +
                                      std::to_string(outside - pixels.values().begin()) +
                                      ", expected pixel units in [0,1]");
  }
}

ResizeRule resize_rule(const formats::ManifestInput& input) {
  const formats::ManifestResize& given = input.resize;
  ResizeRule rule;
  rule.filter = given.filter == formats::ManifestResize::Filter::antialias
                    ? ResizeRule::Filter::antialias
                    : ResizeRule::Filter::opencv_linear;
  rule.geometry = given.geometry == formats::ManifestResize::Geometry::stretch
                      ? ResizeRule::Geometry::stretch
                      : ResizeRule::Geometry::shorter_side_crop;
  rule.width = input.width;
  rule.height = input.height;
  rule.shorter_side = given.resize_to;
  rule.keep_if_exact = given.keep_if_exact;
  return rule;
}

}  // namespace

InputImage load_input(const std::filesystem::path& file, const formats::Manifest& manifest) {
  return decode_input(read_picture(file), file.string(), manifest);
}

InputImage decode_input(std::string_view bytes, const std::string& name, const formats::Manifest& manifest,
                        const DecodeOptions& options) {
  const Image picture = decode_image(bytes, name, options);
  return {.file = name,
          .sha256 = sha256_hex(bytes),
          .width = picture.width,
          .height = picture.height,
          .pixels = resize(picture, resize_rule(manifest.input))};
}

Tensor load_perturbed(const std::filesystem::path& file, const formats::Manifest& manifest) {
  const Shape expected{3, manifest.input.height, manifest.input.width};
  if (file.extension() != ".npy") {
    Image picture = decode_image(read_picture(file), file.string());
    check_perturbed(file, picture.pixels, expected);
    return std::move(picture.pixels);
  }
  Tensor pixels;
  try {
    pixels = read_npy(file);
  } catch (const Error& error) {
    throw Error(ErrorKind::image, error.what());
  }
  check_perturbed(file, pixels, expected);
  return pixels;
}

Tensor stack(std::span<const Tensor> images) {
  require(!images.empty(), "stack: no images");
  Tensor batch = Tensor::uninitialised(images[0].shape().stacked(std::ssize(images)));
  for (std::size_t i = 0; i < images.size(); ++i) {
    require(images[i].shape() == images[0].shape(), "stack: images of different shapes");
    std::copy(images[i].values().begin(), images[i].values().end(),
              batch.row(static_cast<std::int64_t>(i)).data());
  }
  return batch;
}

}  // namespace faultline::study
