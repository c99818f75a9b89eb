#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.h"

struct _cairo;  // NOLINT(bugprone-reserved-identifier): the library's own name for cairo_t

namespace faultline {

// sRGB in [0,1].
struct Colour {
  double red = 0.0;
  double green = 0.0;
  double blue = 0.0;
  double alpha = 1.0;
};

constexpr Colour kBlack{};
constexpr Colour kDarkGrey{0.33, 0.33, 0.33};
constexpr Colour kGrey{0.6, 0.6, 0.6};
constexpr Colour kLightGrey{0.88, 0.88, 0.88};

struct Point {
  double x = 0.0;
  double y = 0.0;
};

struct Box {
  double x = 0.0;
  double y = 0.0;
  double width = 0.0;
  double height = 0.0;
};

struct LineStyle {
  Colour colour{};
  double width = 1.0;
  std::vector<double> dash{};  // lengths drawn and left out in turn; empty is a full line
};

struct TextStyle {
  enum class Anchor { start, middle, end };       // which part of the line lies at the point
  enum class Vertical { baseline, middle, top };  // middle: of the capital letters
  double size = 12.0;
  bool bold = false;
  Colour colour{};
  Anchor anchor = Anchor::start;
  Vertical vertical = Vertical::baseline;
  double rotation_degrees = 0.0;  // about the point, counter-clockwise
};

enum class Interpolation { smooth, nearest };

// A drawing, kept as what was drawn, so that PNG and SVG come from the same calls. The unit is a pixel of the
// PNG at scale 1; x runs right and y down from the top left corner; the background is white.
class Canvas {
 public:
  // Throws ContractError unless both are positive.
  Canvas(double width, double height);
  double width() const { return width_; }
  double height() const { return height_; }

  void fill(const Box& box, const Colour& colour);
  void frame(const Box& box, const LineStyle& style);
  void line(Point from, Point to, const LineStyle& style);
  void polyline(std::span<const Point> points, const LineStyle& style);
  void polygon(std::span<const Point> points, const Colour& colour);
  // One line; see printable().
  void text(Point at, std::string_view text, const TextStyle& style);
  // pixels [3,H,W] in [0,1], stretched over the box.
  void picture(TensorView pixels, const Box& box, Interpolation interpolation = Interpolation::smooth);

  // The drawing as a file's content. scale: pixels per unit; it is lowered for a canvas so large that a side
  // would exceed 32,000 pixels.
  std::string png(double scale = 2.0) const;
  std::string svg() const;
  // Written atomically. Throw Error{io}.
  void save_png(const std::filesystem::path& path, double scale = 2.0) const;
  void save_svg(const std::filesystem::path& path) const;

 private:
  using Step = std::function<void(_cairo*)>;
  void replay(_cairo* target) const;

  double width_;
  double height_;
  std::vector<Step> steps_;
};

}  // namespace faultline
