#include "image/encode.h"

#include <png.h>

#include <cmath>
#include <new>
#include <vector>

#include "base/files.h"
#include "image/jump_guard.h"

namespace faultline {

namespace {

// How a picture is stored.
struct Format {
  int bits = 8;
  int level = -1;    // of zlib; -1 is its default
  int filters = -1;  // that libpng may choose from for each row; -1 are all
};

class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() { png_destroy_write_struct(&png_, &info_); }

  // Interleaved samples, two-byte ones with the high byte first.
  bool encode(std::span<const png_const_bytep> rows, png_uint_32 width, const Format& format) {
    return codec::guarded(guard_, [=, this] {
      png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
      if (png_ == nullptr) guard_.fail("libpng cannot start");
      info_ = png_create_info_struct(png_);
      if (info_ == nullptr) guard_.fail("out of memory");
      png_set_write_fn(png_, this, on_write, on_flush);
      png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
      png_set_IHDR(png_, info_, width, static_cast<png_uint_32>(rows.size()), format.bits, PNG_COLOR_TYPE_RGB,
                   PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
      if (format.level >= 0) png_set_compression_level(png_, format.level);
      if (format.filters >= 0) png_set_filter(png_, PNG_FILTER_TYPE_BASE, format.filters);
      png_write_info(png_, info_);
      for (const png_const_bytep row : rows) png_write_row(png_, row);
      png_write_end(png_, nullptr);
    });
  }

  std::string take() { return std::move(content_); }

 private:
  static void on_error(png_structp png, png_const_charp message) {
    static_cast<Encoder*>(png_get_error_ptr(png))->guard_.fail(message);
  }
  static void on_warning(png_structp, png_const_charp) {}
  static void on_flush(png_structp) {}
  static void on_write(png_structp png, png_bytep data, std::size_t count) {
    auto& encoder = *static_cast<Encoder*>(png_get_io_ptr(png));
    if (!encoder.append(data, count)) encoder.guard_.fail("out of memory");
  }
  // No exception may pass through libpng.
  bool append(const unsigned char* data, std::size_t count) noexcept {
    try {
      content_.append(reinterpret_cast<const char*>(data), count);
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }

  codec::JumpGuard guard_;
  std::string content_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

std::vector<unsigned char> interleave(TensorView pixels, int bits) {
  const std::int64_t plane = pixels.shape().elements(1, 3);
  std::vector<unsigned char> bytes;
  bytes.reserve(static_cast<std::size_t>(plane * 3 * bits / 8));
  for (std::int64_t i = 0; i < plane; ++i) {
    for (std::int64_t c = 0; c < 3; ++c) {
      const auto level = static_cast<unsigned>(to_level(pixels[c * plane + i], bits == 8 ? 255 : 65535));
      if (bits == 16) bytes.push_back(static_cast<unsigned char>(level >> 8U));
      bytes.push_back(static_cast<unsigned char>(level & 255U));
    }
  }
  return bytes;
}

std::string encode_rows(std::span<const unsigned char> bytes, std::int64_t width, std::int64_t height,
                        const Format& format) {
  const std::size_t row_bytes = bytes.size() / static_cast<std::size_t>(height);
  std::vector<png_const_bytep> rows(static_cast<std::size_t>(height));
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = bytes.data() + y * row_bytes;
  Encoder encoder;
  if (!encoder.encode(rows, static_cast<png_uint_32>(width), format))
    throw std::bad_alloc();  // the arguments are valid, so nothing else can fail
  return encoder.take();
}

}  // namespace

int to_level(float value, int maximum) {
  require(!std::isnan(value), "to_level: NaN is no intensity");
  if (value <= 0.0F) return 0;
  if (value >= 1.0F) return maximum;
  return static_cast<int>(std::lround(static_cast<double>(value) * maximum));
}

Tensor round_to_8bit(TensorView pixels) {
  auto rounded = Tensor::uninitialised(pixels.shape());
  for (std::int64_t i = 0; i < pixels.elements(); ++i) {
    rounded[i] = static_cast<float>(to_level(pixels[i], 255)) / 255.0F;
  }
  return rounded;
}

std::string encode_png(TensorView pixels, int bits) {
  require(pixels.shape().rank() == 3 && pixels.shape()[0] == 3, "encode_png: expected [3,H,W]");
  require(pixels.elements() > 0, "encode_png: no pixels");
  require(bits == 8 || bits == 16, "encode_png: 8 or 16 bits");
  return encode_rows(interleave(pixels, bits), pixels.shape()[2], pixels.shape()[1], {.bits = bits});
}

std::string encode_figure_png(std::span<const unsigned char> rgb, int width, int height) {
  require(width > 0 && height > 0 && std::ssize(rgb) == std::int64_t{3} * width * height,
          "encode_figure_png: expected [height,width,3]");
  return encode_rows(rgb, width, height, {.level = 2, .filters = PNG_FILTER_UP});
}

void write_png(const std::filesystem::path& path, TensorView pixels, int bits) {
  write_file(path, encode_png(pixels, bits));
}

}  // namespace faultline
