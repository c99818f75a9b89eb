#include "image/resize.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "image/encode.h"

namespace faultline {

namespace {

// The inputs [first, first + weights.size()) that one output pixel is made of, and their fixed-point weights.
struct Taps {
  int first = 0;
  std::vector<int> weights;
};

// One direction of a resize: `in` pixels become `full` ones, of which [offset, offset + out) are wanted.
struct Axis {
  int in = 0;
  std::int64_t full = 0;
  std::int64_t offset = 0;
  int out = 0;
};

using Plane = std::vector<std::uint8_t>;

// Pillow, src/libImaging/Resample.c, precompute_coeffs and normalize_coeffs_8bpc: 22 fractional bits.
constexpr int kPillowBits = 22;

Taps pillow_taps(const Axis& axis, int i) {
  const double scale = static_cast<double>(axis.in) / static_cast<double>(axis.full);
  const double support = std::max(scale, 1.0);
  const double center = (static_cast<double>(axis.offset + i) + 0.5) * scale;
  const double left = center - support + 0.5;  // Pillow truncates both
  const double right = center + support + 0.5;
  const int first = std::max(0, static_cast<int>(left));
  const int last = std::min(axis.in, static_cast<int>(right));
  std::vector<double> weights;
  double sum = 0.0;
  for (int x = first; x < last; ++x) {
    weights.push_back(std::max(0.0, 1.0 - std::fabs((x - center + 0.5) / support)));
    sum += weights.back();
  }
  Taps taps{first, {}};
  for (const double weight : weights) {
    taps.weights.push_back(static_cast<int>(std::lround(weight / sum * (1 << kPillowBits))));
  }
  return taps;
}

// OpenCV, modules/imgproc/src/resize.cpp, INTER_LINEAR: 11 fractional bits, positions in float.
constexpr int kOpencvBits = 11;

Taps opencv_taps(const Axis& axis, int i) {
  const double scale = static_cast<double>(axis.in) / static_cast<double>(axis.full);
  const auto position = static_cast<float>((static_cast<double>(axis.offset + i) + 0.5) * scale - 0.5);
  const int first = static_cast<int>(std::floor(position));
  if (first < 0) return {0, {1 << kOpencvBits}};
  if (first >= axis.in - 1) return {axis.in - 1, {1 << kOpencvBits}};
  const float fraction = position - static_cast<float>(first);
  const auto fixed = [](float weight) { return static_cast<int>(std::lrint(weight * (1 << kOpencvBits))); };
  return {first, {fixed(1.0F - fraction), fixed(fraction)}};
}

std::vector<Taps> make_taps(const Axis& axis, ResizeRule::Filter filter) {
  std::vector<Taps> taps;
  taps.reserve(static_cast<std::size_t>(axis.out));
  for (int i = 0; i < axis.out; ++i) {
    taps.push_back(filter == ResizeRule::Filter::antialias ? pillow_taps(axis, i) : opencv_taps(axis, i));
  }
  return taps;
}

struct Rows {
  int first = 0;
  int count = 0;
};

Rows needed_rows(const std::vector<Taps>& vertical) {
  int first = vertical.front().first;
  int last = first;
  for (const Taps& taps : vertical) last = std::max(last, taps.first + static_cast<int>(taps.weights.size()));
  return {first, last - first};
}

std::int64_t weighted(const Taps& taps, const std::uint8_t* from, std::int64_t stride) {
  std::int64_t sum = 0;
  for (const int weight : taps.weights) {
    sum += std::int64_t{weight} * *from;
    from += stride;
  }
  return sum;
}

// Both passes of Pillow for one channel; out [height, width].
void filter_pillow(const Plane& in, int in_width, const std::vector<Taps>& horizontal,
                   const std::vector<Taps>& vertical, Plane& out) {
  constexpr std::int64_t kHalf = std::int64_t{1} << (kPillowBits - 1);
  const auto to_byte = [](std::int64_t sum) {
    return static_cast<std::uint8_t>(std::min<std::int64_t>((sum + kHalf) >> kPillowBits, 255));
  };
  const Rows rows = needed_rows(vertical);
  const auto width = static_cast<std::int64_t>(horizontal.size());
  Plane between(static_cast<std::size_t>(rows.count * width));
  std::size_t at = 0;
  for (int y = rows.first; y < rows.first + rows.count; ++y) {
    const std::uint8_t* row = in.data() + std::int64_t{y} * in_width;
    for (const Taps& taps : horizontal) between[at++] = to_byte(weighted(taps, row + taps.first, 1));
  }
  at = 0;
  for (const Taps& taps : vertical) {
    const std::uint8_t* column = between.data() + (taps.first - rows.first) * width;
    for (std::int64_t x = 0; x < width; ++x) out[at++] = to_byte(weighted(taps, column + x, width));
  }
}

// OpenCV's vertical pass drops bits of each row's share before adding them.
std::uint8_t opencv_blend(const Taps& taps, const int* column, std::int64_t stride) {
  int sum = 2;
  for (const int weight : taps.weights) {
    sum += (weight * (*column >> 4)) >> 16;
    column += stride;
  }
  return static_cast<std::uint8_t>(sum >> 2);
}

void filter_opencv(const Plane& in, int in_width, const std::vector<Taps>& horizontal,
                   const std::vector<Taps>& vertical, Plane& out) {
  const Rows rows = needed_rows(vertical);
  const auto width = static_cast<std::int64_t>(horizontal.size());
  std::vector<int> between(static_cast<std::size_t>(rows.count * width));
  std::size_t at = 0;
  for (int y = rows.first; y < rows.first + rows.count; ++y) {
    const std::uint8_t* row = in.data() + std::int64_t{y} * in_width;
    for (const Taps& taps : horizontal) between[at++] = static_cast<int>(weighted(taps, row + taps.first, 1));
  }
  at = 0;
  for (const Taps& taps : vertical) {
    const int* column = between.data() + (taps.first - rows.first) * width;
    for (std::int64_t x = 0; x < width; ++x) out[at++] = opencv_blend(taps, column + x, width);
  }
}

Axis crop_axis(int in, int shorter_in, int shorter_out, int crop) {
  Axis axis{in, 0, 0, crop};
  axis.full = in == shorter_in
                  ? shorter_out
                  : static_cast<std::int64_t>(static_cast<double>(std::int64_t{shorter_out} * in) /
                                              static_cast<double>(shorter_in));
  // lrint rounds halves to even, as Python's round does.
  axis.offset = std::lrint(static_cast<double>(axis.full - crop) / 2.0);
  return axis;
}

void check(const ResizeRule& rule) {
  require(rule.width >= 1 && rule.height >= 1, "resize: the result has no pixels");
  if (rule.geometry == ResizeRule::Geometry::shorter_side_crop) {
    require(rule.width <= rule.shorter_side && rule.height <= rule.shorter_side,
            "resize: the crop is larger than the shorter side");
  }
}

Plane to_bytes(TensorView channel) {
  Plane bytes(static_cast<std::size_t>(channel.elements()));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(to_level(channel[static_cast<std::int64_t>(i)], 255));
  }
  return bytes;
}

}  // namespace

Tensor resize(const Image& image, const ResizeRule& rule) {
  check(rule);
  if (rule.keep_if_exact && image.width == rule.width && image.height == rule.height)
    return round_to_8bit(image.pixels);
  Axis across{image.width, rule.width, 0, rule.width};
  Axis down{image.height, rule.height, 0, rule.height};
  if (rule.geometry == ResizeRule::Geometry::shorter_side_crop) {
    const int shorter = std::min(image.width, image.height);
    across = crop_axis(image.width, shorter, rule.shorter_side, rule.width);
    down = crop_axis(image.height, shorter, rule.shorter_side, rule.height);
  }
  const std::vector<Taps> horizontal = make_taps(across, rule.filter);
  const std::vector<Taps> vertical = make_taps(down, rule.filter);
  const auto filter = rule.filter == ResizeRule::Filter::antialias ? filter_pillow : filter_opencv;
  auto result = Tensor::uninitialised({3, rule.height, rule.width});
  Plane out(static_cast<std::size_t>(result.elements() / 3));
  for (std::int64_t c = 0; c < 3; ++c) {
    filter(to_bytes(image.pixels.row(c)), image.width, horizontal, vertical, out);
    float* values = result.row(c).data();
    for (const std::uint8_t byte : out) *values++ = static_cast<float>(byte) / 255.0F;
  }
  return result;
}

}  // namespace faultline
