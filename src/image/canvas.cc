#include "image/canvas.h"

#include <cairo-svg.h>
#include <cairo.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <numbers>

#include "base/files.h"
#include "image/cairo_text.h"
#include "image/encode.h"
#include "image/text.h"

namespace faultline {

namespace {

using Surface = std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)>;
using Context = std::unique_ptr<cairo_t, void (*)(cairo_t*)>;

// Everything drawn is valid, so what cairo can still meet is a lack of memory.
void check(cairo_status_t status) {
  if (status == CAIRO_STATUS_NO_MEMORY) throw std::bad_alloc();
  require(status == CAIRO_STATUS_SUCCESS, cairo_status_to_string(status));
}

cairo_status_t append(void* content, const unsigned char* data, unsigned int count) noexcept {
  try {
    static_cast<std::string*>(content)->append(reinterpret_cast<const char*>(data), count);
    return CAIRO_STATUS_SUCCESS;
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
}

void set_colour(cairo_t* target, const Colour& colour) {
  cairo_set_source_rgba(target, colour.red, colour.green, colour.blue, colour.alpha);
}

void stroke(cairo_t* target, const LineStyle& style) {
  set_colour(target, style.colour);
  cairo_set_line_width(target, style.width);
  cairo_set_line_join(target, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash(target, style.dash.data(), static_cast<int>(style.dash.size()), 0.0);
  cairo_stroke(target);
}

void trace(cairo_t* target, std::span<const Point> points) {
  for (const Point& point : points) cairo_line_to(target, point.x, point.y);
}

void draw_text(cairo_t* target, Point at, const std::string& text, const TextStyle& style) {
  codec::select_font(target, style.size, style.bold);
  cairo_text_extents_t extents;
  cairo_text_extents(target, text.c_str(), &extents);
  constexpr double kCapitals = 0.73;  // height of DejaVu's capital letters per font size
  const double share = style.vertical == TextStyle::Vertical::baseline ? 0.0
                       : style.vertical == TextStyle::Vertical::middle ? 0.5
                                                                       : 1.0;
  const double before = style.anchor == TextStyle::Anchor::start    ? 0.0
                        : style.anchor == TextStyle::Anchor::middle ? 0.5
                                                                    : 1.0;
  cairo_save(target);
  cairo_translate(target, at.x, at.y);
  cairo_rotate(target, -style.rotation_degrees * std::numbers::pi / 180.0);
  cairo_move_to(target, -before * extents.x_advance, share * kCapitals * style.size);
  set_colour(target, style.colour);
  cairo_show_text(target, text.c_str());
  cairo_restore(target);
}

// Cairo's RGB24: a native 32-bit word a pixel.
std::vector<std::uint32_t> to_words(TensorView pixels) {
  const std::int64_t plane = pixels.shape().elements(1, 3);
  std::vector<std::uint32_t> words(static_cast<std::size_t>(plane));
  for (std::int64_t i = 0; i < plane; ++i) {
    std::uint32_t word = 0;
    for (std::int64_t c = 0; c < 3; ++c) {
      word = word << 8U | static_cast<std::uint32_t>(to_level(pixels[c * plane + i], 255));
    }
    words[static_cast<std::size_t>(i)] = word;
  }
  return words;
}

// The reverse, of a whole surface: [height,width,3].
std::vector<unsigned char> to_rgb(cairo_surface_t* surface) {
  check(cairo_surface_status(surface));
  cairo_surface_flush(surface);
  const int width = cairo_image_surface_get_width(surface);
  const int height = cairo_image_surface_get_height(surface);
  std::vector<unsigned char> rgb(std::size_t{3} * static_cast<std::size_t>(width) *
                                 static_cast<std::size_t>(height));
  unsigned char* out = rgb.data();
  for (int y = 0; y < height; ++y) {
    const unsigned char* row =
        cairo_image_surface_get_data(surface) + std::ptrdiff_t{y} * cairo_image_surface_get_stride(surface);
    for (int x = 0; x < width; ++x, out += 3) {
      std::uint32_t word = 0;
      std::memcpy(&word, row + std::ptrdiff_t{4} * x, sizeof word);
      out[0] = static_cast<unsigned char>(word >> 16U);
      out[1] = static_cast<unsigned char>(word >> 8U);
      out[2] = static_cast<unsigned char>(word);
    }
  }
  return rgb;
}

void draw_picture(cairo_t* target, std::vector<std::uint32_t> words, int width, int height, const Box& box,
                  Interpolation interpolation) {
  const Surface surface(cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(words.data()),
                                                            CAIRO_FORMAT_RGB24, width, height, 4 * width),
                        cairo_surface_destroy);
  check(cairo_surface_status(surface.get()));
  cairo_save(target);
  cairo_rectangle(target, box.x, box.y, box.width, box.height);
  cairo_translate(target, box.x, box.y);
  cairo_scale(target, box.width / width, box.height / height);
  cairo_set_source_surface(target, surface.get(), 0.0, 0.0);
  cairo_pattern_set_filter(cairo_get_source(target), interpolation == Interpolation::nearest
                                                         ? CAIRO_FILTER_NEAREST
                                                         : CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend(cairo_get_source(target), CAIRO_EXTEND_PAD);  // else the edges fade
  cairo_fill(target);
  cairo_restore(target);
  cairo_surface_finish(surface.get());  // `words` goes; a target that still needs the pixels has copied them
}

}  // namespace

Canvas::Canvas(double width, double height) : width_(width), height_(height) {
  require(width > 0.0 && height > 0.0, "Canvas: no room");
}

void Canvas::fill(const Box& box, const Colour& colour) {
  steps_.emplace_back([=](cairo_t* target) {
    set_colour(target, colour);
    cairo_rectangle(target, box.x, box.y, box.width, box.height);
    cairo_fill(target);
  });
}

void Canvas::frame(const Box& box, const LineStyle& style) {
  steps_.emplace_back([=](cairo_t* target) {
    cairo_rectangle(target, box.x, box.y, box.width, box.height);
    stroke(target, style);
  });
}

void Canvas::line(Point from, Point to, const LineStyle& style) {
  polyline(std::vector{from, to}, style);
}

void Canvas::polyline(std::span<const Point> points, const LineStyle& style) {
  steps_.emplace_back([path = std::vector(points.begin(), points.end()), style](cairo_t* target) {
    trace(target, path);
    stroke(target, style);
  });
}

void Canvas::polygon(std::span<const Point> points, const Colour& colour) {
  steps_.emplace_back([path = std::vector(points.begin(), points.end()), colour](cairo_t* target) {
    trace(target, path);
    cairo_close_path(target);
    set_colour(target, colour);
    cairo_fill(target);
  });
}

void Canvas::text(Point at, std::string_view text, const TextStyle& style) {
  steps_.emplace_back([=, line = printable(text)](cairo_t* target) { draw_text(target, at, line, style); });
}

void Canvas::picture(TensorView pixels, const Box& box, Interpolation interpolation) {
  require(pixels.shape().rank() == 3 && pixels.shape()[0] == 3 && pixels.elements() > 0,
          "Canvas: expected [3,H,W]");
  const int width = static_cast<int>(pixels.shape()[2]);
  const int height = static_cast<int>(pixels.shape()[1]);
  steps_.emplace_back([=, words = to_words(pixels)](cairo_t* target) {
    draw_picture(target, words, width, height, box, interpolation);
  });
}

void Canvas::replay(_cairo* target) const {
  cairo_set_source_rgb(target, 1.0, 1.0, 1.0);
  cairo_paint(target);
  for (const Step& step : steps_) {
    cairo_new_path(target);
    step(target);
  }
  check(cairo_status(target));
}

std::string Canvas::png(double scale) const {
  constexpr double kLongest = 32'000.0;
  const double used = std::min(scale, kLongest / std::max(width_, height_));
  const Surface surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::ceil(width_ * used)),
                                 static_cast<int>(std::ceil(height_ * used))),
      cairo_surface_destroy);
  const Context context(cairo_create(surface.get()), cairo_destroy);
  cairo_scale(context.get(), used, used);
  replay(context.get());
  return encode_figure_png(to_rgb(surface.get()), cairo_image_surface_get_width(surface.get()),
                           cairo_image_surface_get_height(surface.get()));
}

std::string Canvas::svg() const {
  std::string content;
  const Surface surface(cairo_svg_surface_create_for_stream(append, &content, width_, height_),
                        cairo_surface_destroy);
  cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PX);
  const Context context(cairo_create(surface.get()), cairo_destroy);
  replay(context.get());
  cairo_surface_finish(surface.get());
  check(cairo_surface_status(surface.get()));
  return content;
}

void Canvas::save_png(const std::filesystem::path& path, double scale) const {
  write_file(path, png(scale));
}
void Canvas::save_svg(const std::filesystem::path& path) const {
  write_file(path, svg());
}

}  // namespace faultline
