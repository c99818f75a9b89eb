#include "image/samples.h"

#include <array>
#include <cstring>

#include "base/error.h"

namespace faultline::codec {

namespace {

// Where the pixel of an upright picture lies in the stored one.
struct Turn {
  bool transpose;
  bool flip_x;  // of the stored picture
  bool flip_y;
};

constexpr std::array<Turn, 8> kTurns = {{{false, false, false},  // 1 upright
                                         {false, true, false},   // 2 mirrored left to right
                                         {false, true, true},    // 3 upside down
                                         {false, false, true},   // 4 mirrored top to bottom
                                         {true, false, false},   // 5 mirrored along the main diagonal
                                         {true, false, true},    // 6 to be turned clockwise
                                         {true, true, true},     // 7 mirrored along the other diagonal
                                         {true, true, false}}};  // 8 to be turned counter-clockwise

template <class Sample>
Sample load(const Samples& samples, std::size_t index) {
  Sample value;
  std::memcpy(&value, samples.bytes.data() + index * sizeof value, sizeof value);
  return value;
}

float over_white(double value, double alpha, double maximum) {
  return static_cast<float>((value * alpha + maximum * (maximum - alpha)) / (maximum * maximum));
}

template <class Sample>
void convert_pixel(const Samples& samples, std::size_t pixel, float* out, std::int64_t plane) {
  const auto channels = static_cast<std::size_t>(samples.channels);
  const bool has_alpha = channels % 2 == 0;
  const bool is_grey = channels <= 2;
  const std::size_t at = pixel * channels;
  for (std::size_t c = 0; c < 3; ++c) {
    const Sample value = load<Sample>(samples, is_grey ? at : at + c);
    float& result = out[static_cast<std::int64_t>(c) * plane];
    if (has_alpha) {
      result = over_white(value, load<Sample>(samples, at + channels - 1), samples.maximum);
    } else {
      result = static_cast<float>(value) / static_cast<float>(samples.maximum);
    }
  }
}

template <class Sample>
void convert(const Samples& samples, const Turn& turn, Image& image) {
  const std::int64_t plane = std::int64_t{image.width} * image.height;
  float* out = image.pixels.data();
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x, ++out) {
      int from_x = turn.transpose ? y : x;
      int from_y = turn.transpose ? x : y;
      if (turn.flip_x) from_x = samples.width - 1 - from_x;
      if (turn.flip_y) from_y = samples.height - 1 - from_y;
      const auto pixel = static_cast<std::size_t>(std::int64_t{from_y} * samples.width + from_x);
      convert_pixel<Sample>(samples, pixel, out, plane);
    }
  }
}

std::string megapixels(std::int64_t pixels) {
  const std::int64_t tenths = (pixels + 99'999) / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " megapixels";
}

}  // namespace

void refuse(const std::string& name, const std::string& reason) {
  throw Error(ErrorKind::image, name + ": " + reason);
}

void allocate(Samples& samples, std::int64_t width, std::int64_t height, const std::string& name,
              const DecodeOptions& options) {
  const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  constexpr std::int64_t kLargest = 0x7fffffff;
  if (width <= 0 || height <= 0) refuse(name, size + ", expected at least 1 x 1");
  if (width > kLargest || height > kLargest || width * height > options.max_pixels) {
    refuse(name, size + ", expected at most " + megapixels(options.max_pixels) + " in all");
  }
  samples.width = static_cast<int>(width);
  samples.height = static_cast<int>(height);
  const std::int64_t sample_bytes = samples.maximum > 255 ? 2 : 1;
  samples.bytes.resize(static_cast<std::size_t>(width * height * samples.channels * sample_bytes));
}

Image to_image(const Samples& samples, int orientation) {
  require(orientation >= 1 && orientation <= 8, "to_image: orientation outside 1 to 8");
  const Turn& turn = kTurns[static_cast<std::size_t>(orientation - 1)];
  Image image;
  image.width = turn.transpose ? samples.height : samples.width;
  image.height = turn.transpose ? samples.width : samples.height;
  image.pixels = Tensor::uninitialised({3, image.height, image.width});
  if (samples.maximum > 255) {
    convert<std::uint16_t>(samples, turn, image);
  } else {
    convert<std::uint8_t>(samples, turn, image);
  }
  return image;
}

}  // namespace faultline::codec
