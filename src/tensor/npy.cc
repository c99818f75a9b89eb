#include "tensor/npy.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/files.h"

namespace faultline {

namespace {

static_assert(std::endian::native == std::endian::little, "npy: only little-endian machines are supported");

constexpr std::string_view kMagic = "\x93NUMPY";

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorKind::io, path.string() + ": " + what);
}

template <class S>
std::string encode(BasicTensorView<const S> tensor) {
  std::string header =
      std::string("{'descr': '<f") + (sizeof(S) == 4 ? "4" : "8") + "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t extent : tensor.shape()) header += std::to_string(extent) + ", ";
  header += "), }";
  const std::size_t prefix = kMagic.size() + 4;
  header.append(63 - (prefix + header.size()) % 64, ' ');
  header += '\n';
  std::string content(kMagic);
  content +=
      {'\x01', '\x00', static_cast<char>(header.size() & 255U), static_cast<char>(header.size() >> 8U)};
  content += header;
  content.append(reinterpret_cast<const char*>(tensor.data()), tensor.values().size_bytes());
  return content;
}

// The text after "'key':" in the header's Python dictionary.
std::string_view field(const std::filesystem::path& path, std::string_view header, std::string_view key) {
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) fail(path, "not a .npy file: its header lacks " + std::string(key));
  std::string_view rest = header.substr(at + key.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(" :"), rest.size()));
  return rest;
}

Shape parse_shape(const std::filesystem::path& path, std::string_view text) {
  Shape shape;
  std::int64_t elements = 1;
  for (text.remove_prefix(1); !text.empty() && text.front() != ')';) {
    std::int64_t extent = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), extent);
    if (code != std::errc{} || extent < 0) fail(path, "not a .npy file: malformed shape");
    if (shape.rank() == Shape::kMaxRank) fail(path, "rank above 8");
    if (extent != 0 && elements > std::numeric_limits<std::int64_t>::max() / 8 / extent)
      fail(path, "shape too large");
    elements *= extent;
    shape.append(extent);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    text.remove_prefix(std::min(text.find_first_not_of(", "), text.size()));
  }
  return shape;
}

template <class Stored, class S>
BasicTensor<S> convert(const Shape& shape, const char* bytes) {
  auto tensor = BasicTensor<S>::uninitialised(shape);
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    Stored value;
    std::memcpy(&value, bytes + static_cast<std::size_t>(i) * sizeof value, sizeof value);
    tensor[i] = static_cast<S>(value);
  }
  return tensor;
}

template <class S>
BasicTensor<S> decode(const std::filesystem::path& path) {
  const std::string content = read_file(path);
  if (content.size() < 10 || !content.starts_with(kMagic) || content[6] != 1) {
    fail(path, "not a .npy file of version 1.0");
  }
  const std::size_t length =
      static_cast<unsigned char>(content[8]) + 256U * static_cast<unsigned char>(content[9]);
  if (content.size() < 10 + length) fail(path, "truncated header");
  const std::string_view header = std::string_view(content).substr(10, length);
  const std::string_view type = field(path, header, "'descr'").substr(0, 5);
  const bool is_float = type == "'<f4'";
  if (!is_float && type != "'<f8'")
    fail(path, "values are " + std::string(type) + ", expected '<f4' or '<f8'");
  if (!field(path, header, "'fortran_order'").starts_with("False"))
    fail(path, "Fortran order, expected C order");
  const Shape shape = parse_shape(path, field(path, header, "'shape'"));
  const std::size_t expected = static_cast<std::size_t>(shape.elements()) * (is_float ? 4 : 8);
  if (content.size() - 10 - length != expected) {
    fail(path, "holds " + std::to_string(content.size() - 10 - length) + " bytes of values, its shape " +
                   shape.to_string() + " needs " + std::to_string(expected));
  }
  const char* values = content.data() + 10 + length;
  return is_float ? convert<float, S>(shape, values) : convert<double, S>(shape, values);
}

}  // namespace

void write_npy(const std::filesystem::path& path, TensorView tensor) {
  write_file(path, encode<float>(tensor));
}
void write_npy(const std::filesystem::path& path, DoubleTensorView tensor) {
  write_file(path, encode<double>(tensor));
}
Tensor read_npy(const std::filesystem::path& path) {
  return decode<float>(path);
}
DoubleTensor read_npy_double(const std::filesystem::path& path) {
  return decode<double>(path);
}

}  // namespace faultline
