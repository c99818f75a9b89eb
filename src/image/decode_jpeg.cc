#include <cstdio>  // jpeglib.h uses FILE without including it

#include <jpeglib.h>

#include "image/jump_guard.h"
#include "image/samples.h"

namespace faultline::codec {

namespace {

// More scans than any encoder writes; a hostile progressive file may hold thousands, each costing a pass over
// the picture.
constexpr int kMaxScans = 100;

JumpGuard& guard_of(j_common_ptr decoder) {
  return *static_cast<JumpGuard*>(decoder->client_data);
}

void on_error(j_common_ptr decoder) {
  char message[JMSG_LENGTH_MAX];
  decoder->err->format_message(decoder, message);
  guard_of(decoder).fail(message);
}

// Negative levels are warnings of damaged data, after which libjpeg would go on and invent pixels.
void on_message(j_common_ptr decoder, int level) {
  if (level < 0) on_error(decoder);
}

void on_progress(j_common_ptr decoder) {
  const auto* reader = reinterpret_cast<const jpeg_decompress_struct*>(decoder);
  if (reader->input_scan_number > kMaxScans) guard_of(decoder).fail("too many scans");
}

class Decoder {
 public:
  Decoder() {
    decoder_.err = jpeg_std_error(&errors_);
    errors_.error_exit = on_error;
    errors_.emit_message = on_message;
    decoder_.client_data = &guard_;
    progress_.progress_monitor = on_progress;
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { jpeg_destroy_decompress(&decoder_); }

  const char* message() const { return guard_.message; }
  const jpeg_decompress_struct& state() const { return decoder_; }

  bool read_header(std::string_view bytes) {
    return guarded(guard_, [&] {
      jpeg_create_decompress(&decoder_);
      decoder_.progress = &progress_;
      jpeg_mem_src(&decoder_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
      jpeg_save_markers(&decoder_, JPEG_APP0 + 1, 0xffff);
      jpeg_read_header(&decoder_, TRUE);
      const J_COLOR_SPACE stored = decoder_.jpeg_color_space;
      const bool is_cmyk = stored == JCS_CMYK || stored == JCS_YCCK;
      decoder_.out_color_space = is_cmyk ? JCS_CMYK : stored == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
    });
  }

  bool read_pixels(std::uint8_t* out, std::size_t row_bytes) {
    return guarded(guard_, [&] {
      jpeg_start_decompress(&decoder_);
      while (decoder_.output_scanline < decoder_.output_height) {
        JSAMPROW row = out + decoder_.output_scanline * row_bytes;
        jpeg_read_scanlines(&decoder_, &row, 1);
      }
      jpeg_finish_decompress(&decoder_);
    });
  }

 private:
  JumpGuard guard_;
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct decoder_{};
};

std::string find_exif(const jpeg_decompress_struct& state) {
  for (jpeg_saved_marker_ptr marker = state.marker_list; marker != nullptr; marker = marker->next) {
    std::string data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (data.starts_with(std::string("Exif\0\0", 6))) return data;
  }
  return {};
}

// The inks are stored inverted, as Adobe does it and Pillow takes for granted: 255 is no ink.
void cmyk_to_rgb(Samples& samples) {
  const std::size_t pixels = samples.bytes.size() / 4;
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* ink = samples.bytes.data() + 4 * i;
    const int black = ink[3];
    for (std::size_t c = 0; c < 3; ++c) {
      samples.bytes[3 * i + c] = static_cast<std::uint8_t>((ink[c] * black + 127) / 255);
    }
  }
  samples.channels = 3;
  samples.bytes.resize(3 * pixels);
}

}  // namespace

Samples decode_jpeg(std::string_view bytes, const std::string& name, const DecodeOptions& options) {
  Decoder decoder;
  if (!decoder.read_header(bytes)) refuse(name, std::string("damaged JPEG: ") + decoder.message());
  const jpeg_decompress_struct& state = decoder.state();
  Samples samples;
  samples.channels = state.out_color_space == JCS_CMYK ? 4 : state.out_color_space == JCS_GRAYSCALE ? 1 : 3;
  allocate(samples, state.image_width, state.image_height, name, options);
  samples.exif = find_exif(state);  // finishing drops the markers
  const std::size_t row_bytes = std::size_t{state.image_width} * static_cast<std::size_t>(samples.channels);
  if (!decoder.read_pixels(samples.bytes.data(), row_bytes)) {
    refuse(name, std::string("damaged JPEG: ") + decoder.message());
  }
  if (samples.channels == 4) cmyk_to_rgb(samples);
  return samples;
}

}  // namespace faultline::codec
