#include <png.h>

#include <bit>

#include "image/jump_guard.h"
#include "image/samples.h"

namespace faultline::codec {

namespace {

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : left_(bytes) {}
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }

  const char* message() const { return guard_.message; }
  std::int64_t width() const { return png_get_image_width(png_, info_); }
  std::int64_t height() const { return png_get_image_height(png_, info_); }
  int channels() const { return png_get_channels(png_, info_); }
  bool is_16_bit() const { return png_get_bit_depth(png_, info_) == 16; }

  // Leaves palettes and fewer than 8 bits expanded and transparent colours as alpha.
  bool read_header() {
    return guarded(guard_, [this] {
      png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
      if (png_ == nullptr) guard_.fail("libpng cannot start");
      info_ = png_create_info_struct(png_);
      if (info_ == nullptr) guard_.fail("out of memory");
      png_set_read_fn(png_, this, on_read);
      png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // our own limit has the better message
      png_read_info(png_, info_);
      png_set_expand(png_);
      if (is_16_bit() && std::endian::native == std::endian::little) png_set_swap(png_);
      png_set_interlace_handling(png_);
      png_read_update_info(png_, info_);
    });
  }

  bool read_pixels(png_bytepp rows) {
    return guarded(guard_, [this, rows] {
      png_read_image(png_, rows);
      png_read_end(png_, info_);
    });
  }

  std::string exif() const {
    png_uint_32 size = 0;
    png_bytep data = nullptr;
    if (png_get_eXIf_1(png_, info_, &size, &data) == 0 || data == nullptr) return {};
    return {reinterpret_cast<const char*>(data), size};
  }

 private:
  static void on_error(png_structp png, png_const_charp message) {
    static_cast<Decoder*>(png_get_error_ptr(png))->guard_.fail(message);
  }
  // Warnings are about chunks that do not carry pixels.
  static void on_warning(png_structp, png_const_charp) {}

  static void on_read(png_structp png, png_bytep out, std::size_t count) {
    auto& decoder = *static_cast<Decoder*>(png_get_io_ptr(png));
    if (count > decoder.left_.size()) decoder.guard_.fail("the file ends early");
    std::memcpy(out, decoder.left_.data(), count);
    decoder.left_.remove_prefix(count);
  }

  JumpGuard guard_;
  std::string_view left_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

Samples decode_png(std::string_view bytes, const std::string& name, const DecodeOptions& options) {
  Decoder decoder(bytes);
  if (!decoder.read_header()) refuse(name, std::string("damaged PNG: ") + decoder.message());
  Samples samples;
  samples.channels = decoder.channels();
  samples.maximum = decoder.is_16_bit() ? 65535 : 255;
  allocate(samples, decoder.width(), decoder.height(), name, options);
  const std::size_t row_bytes = samples.bytes.size() / static_cast<std::size_t>(samples.height);
  std::vector<png_bytep> rows(static_cast<std::size_t>(samples.height));
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = samples.bytes.data() + y * row_bytes;
  if (!decoder.read_pixels(rows.data())) refuse(name, std::string("damaged PNG: ") + decoder.message());
  samples.exif = decoder.exif();
  return samples;
}

}  // namespace faultline::codec
