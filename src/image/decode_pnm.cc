#include <cstring>

#include "image/samples.h"

namespace faultline::codec {

namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& name) : left_(bytes), name_(name) {}

  std::string_view left() const { return left_; }
  [[noreturn]] void damaged(const std::string& reason) const {
    refuse(name_, "damaged PPM or PGM: " + reason);
  }

  void skip(std::size_t count) { left_.remove_prefix(count); }

  // The next decimal number, after white space and comments.
  int number(const char* what) {
    skip_space();
    if (left_.empty() || !is_digit(left_.front()))
      damaged(std::string("no number where its ") + what + " should be");
    std::int64_t value = 0;
    for (; !left_.empty() && is_digit(left_.front()); skip(1)) {
      value = 10 * value + (left_.front() - '0');
      if (value > 0x7fffffff) damaged(std::string("its ") + what + " is too large");
    }
    return static_cast<int>(value);
  }

 private:
  void skip_space() {
    while (!left_.empty() && (is_space(left_.front()) || left_.front() == '#')) {
      if (left_.front() == '#') {
        skip(std::min(left_.find_first_of("\r\n"), left_.size()));
      } else {
        skip(1);
      }
    }
  }

  std::string_view left_;
  const std::string& name_;
};

void store(Samples& samples, std::size_t index, int value) {
  if (samples.maximum > 255) {
    const auto wide = static_cast<std::uint16_t>(value);
    std::memcpy(samples.bytes.data() + 2 * index, &wide, 2);
  } else {
    samples.bytes[index] = static_cast<std::uint8_t>(value);
  }
}

int next_sample(Reader& reader, bool is_text, bool is_wide) {
  if (is_text) return reader.number("next sample");
  const std::string_view bytes = reader.left();
  const int high = static_cast<unsigned char>(bytes[0]);
  reader.skip(is_wide ? 2 : 1);
  return is_wide ? 256 * high + static_cast<unsigned char>(bytes[1]) : high;
}

void read_samples(Reader& reader, bool is_text, Samples& samples) {
  const bool is_wide = samples.maximum > 255;
  const std::size_t count = samples.bytes.size() / (is_wide ? 2 : 1);
  for (std::size_t i = 0; i < count; ++i) {
    const int value = next_sample(reader, is_text, is_wide);
    if (value > samples.maximum) reader.damaged("a sample is above the stated maximum");
    store(samples, i, value);
  }
}

}  // namespace

Samples decode_pnm(std::string_view bytes, const std::string& name, const DecodeOptions& options) {
  const char kind = bytes[1];
  if (kind != '2' && kind != '3' && kind != '5' && kind != '6') {
    refuse(name, std::string("a Netpbm file of kind P") + kind + ", expected P2, P3, P5 or P6");
  }
  const bool is_text = kind <= '3';
  Reader reader(bytes.substr(2), name);
  Samples samples;
  samples.channels = kind == '3' || kind == '6' ? 3 : 1;
  const int width = reader.number("width");
  const int height = reader.number("height");
  samples.maximum = reader.number("maximum");
  if (samples.maximum < 1 || samples.maximum > 65535) reader.damaged("its maximum is not in 1 to 65535");
  if (reader.left().empty() || !is_space(reader.left().front()))
    reader.damaged("no white space after its maximum");
  reader.skip(1);
  // Text takes at least a digit and a space a sample, so a short file is refused before room is made for its
  // claim.
  const std::int64_t count = std::int64_t{width} * height;
  const std::int64_t present = static_cast<std::int64_t>(reader.left().size()) + (is_text ? 1 : 0);
  const std::int64_t sample_bytes = is_text || samples.maximum > 255 ? 2 : 1;
  if (count <= options.max_pixels && present < count * samples.channels * sample_bytes) {
    reader.damaged("the file ends early");
  }
  allocate(samples, width, height, name, options);
  read_samples(reader, is_text, samples);
  return samples;
}

}  // namespace faultline::codec
