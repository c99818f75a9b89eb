#include "image/colour_map.h"

#include <cmath>
#include <span>
#include <vector>

namespace faultline {

namespace {

using Triple = std::array<double, 3>;
constexpr std::size_t kSteps = 256;
using Table = std::array<std::array<float, 3>, kSteps>;

constexpr std::array<unsigned, 9> kViridis = {0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c,
                                              0x28ae80, 0x5ec962, 0xaddc30, 0xfde725};
constexpr std::array<unsigned, 9> kMagma = {0x000004, 0x1c1044, 0x4f127b, 0x812581, 0xb5367a,
                                            0xe55064, 0xfb8761, 0xfec287, 0xfcfdbf};
constexpr std::array<unsigned, 9> kInferno = {0x000004, 0x1f0c48, 0x550f6d, 0x88226a, 0xba3655,
                                              0xe35933, 0xf98c0a, 0xf9c932, 0xfcffa4};
constexpr std::array<unsigned, 11> kBlueRed = {0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7,
                                               0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b, 0x67001f};

// CIE 1931, D65 white.
constexpr Triple kWhite = {0.95047, 1.0, 1.08883};
constexpr double kLinearBelow = 6.0 / 29.0;

double to_linear(double s) {
  return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
}
double from_linear(double v) {
  return v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1.0 / 2.4) - 0.055;
}

double lab_curve(double t) {
  constexpr double kSlope = 3.0 * kLinearBelow * kLinearBelow;
  return t > kLinearBelow * kLinearBelow * kLinearBelow ? std::cbrt(t) : t / kSlope + 4.0 / 29.0;
}

double lab_curve_inverse(double f) {
  constexpr double kSlope = 3.0 * kLinearBelow * kLinearBelow;
  return f > kLinearBelow ? f * f * f : kSlope * (f - 4.0 / 29.0);
}

Triple to_lab(unsigned hex) {
  const double r = to_linear(((hex >> 16U) & 255U) / 255.0);
  const double g = to_linear(((hex >> 8U) & 255U) / 255.0);
  const double b = to_linear((hex & 255U) / 255.0);
  const double x = lab_curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / kWhite[0]);
  const double y = lab_curve((0.2126729 * r + 0.7151522 * g + 0.0721750 * b) / kWhite[1]);
  const double z = lab_curve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / kWhite[2]);
  return {116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

std::array<float, 3> from_lab(const Triple& lab) {
  const double fy = (lab[0] + 16.0) / 116.0;
  const double x = kWhite[0] * lab_curve_inverse(fy + lab[1] / 500.0);
  const double y = kWhite[1] * lab_curve_inverse(fy);
  const double z = kWhite[2] * lab_curve_inverse(fy - lab[2] / 200.0);
  const auto channel = [](double v) { return static_cast<float>(std::clamp(from_linear(v), 0.0, 1.0)); };
  return {channel(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
          channel(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
          channel(0.0556434 * x - 0.2040259 * y + 1.0572252 * z)};
}

// Catmull-Rom: through every point, without corners; the end points count twice.
double spline(const std::vector<Triple>& points, std::size_t channel, std::size_t left, double t) {
  const double a = points[left == 0 ? 0 : left - 1][channel];
  const double b = points[left][channel];
  const double c = points[left + 1][channel];
  const double d = points[std::min(left + 2, points.size() - 1)][channel];
  return b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)));
}

// Hue and chroma follow the anchors. Lightness runs straight from end to end, to which the anchors' own is
// near; that of a diverging map follows its anchors, for straight lines would leave the colours that a screen
// can show.
Table make_table(std::span<const unsigned> anchors, bool diverging) {
  std::vector<Triple> lab;
  for (const unsigned hex : anchors) lab.push_back(to_lab(hex));
  Table table{};
  for (std::size_t i = 0; i < kSteps; ++i) {
    const double t = static_cast<double>(i) / (kSteps - 1);
    const double position = t * static_cast<double>(lab.size() - 1);
    const std::size_t left = std::min(static_cast<std::size_t>(position), lab.size() - 2);
    const double weight = position - static_cast<double>(left);
    Triple mixed{};
    for (std::size_t c = 0; c < 3; ++c) mixed[c] = spline(lab, c, left, weight);
    if (!diverging) mixed[0] = std::lerp(lab.front()[0], lab.back()[0], t);
    table[i] = from_lab(mixed);
  }
  return table;
}

const Table& table_of(ColourMap map) {
  static const std::array<Table, 4> tables = {make_table(kViridis, false), make_table(kMagma, false),
                                              make_table(kInferno, false), make_table(kBlueRed, true)};
  return tables.at(static_cast<std::size_t>(map));
}

}  // namespace

std::array<float, 3> colour_of(ColourMap map, float value) {
  require(!std::isnan(value), "colour_of: NaN has no colour");
  const float position = std::clamp(value, 0.0F, 1.0F) * (kSteps - 1);
  const auto left = std::min(static_cast<std::size_t>(position), kSteps - 2);
  const float weight = position - static_cast<float>(left);
  const Table& table = table_of(map);
  std::array<float, 3> colour{};
  // Not std::lerp: its exactness at the ends costs more than all the rest.
  for (std::size_t c = 0; c < 3; ++c) colour[c] = (1 - weight) * table[left][c] + weight * table[left + 1][c];
  return colour;
}

Tensor colourise(TensorView values, ColourMap map) {
  require(values.shape().rank() == 2, "colourise: expected [h,w]");
  Tensor pixels({3, values.shape()[0], values.shape()[1]});
  for (std::int64_t i = 0; i < values.elements(); ++i) {
    const auto colour = colour_of(map, values[i]);
    for (std::size_t c = 0; c < 3; ++c)
      pixels[static_cast<std::int64_t>(c) * values.elements() + i] = colour[c];
  }
  return pixels;
}

}  // namespace faultline
