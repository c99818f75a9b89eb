#include "image/text.h"

#include <cairo.h>

#include <cstdint>
#include <memory>

#include "image/cairo_text.h"

namespace faultline {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";
constexpr std::string_view kEllipsis = "\xe2\x80\xa6";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// The length of the valid UTF-8 sequence that the text begins with; 0 if it begins with none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const auto second = length > 1 ? static_cast<unsigned char>(text[1]) : 0U;
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool outside = (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90);
  return overlong || outside ? 0 : length;
}

// A context to measure with; nothing is drawn.
class Ruler {
 public:
  Ruler() : surface_(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)), context_(cairo_create(surface_)) {}
  Ruler(const Ruler&) = delete;
  Ruler& operator=(const Ruler&) = delete;
  ~Ruler() {
    cairo_destroy(context_);
    cairo_surface_destroy(surface_);
  }
  double width(const std::string& text, double size, bool bold) const {
    codec::select_font(context_, size, bold);
    cairo_text_extents_t extents;
    cairo_text_extents(context_, text.c_str(), &extents);
    return extents.x_advance;
  }

 private:
  cairo_surface_t* surface_;
  cairo_t* context_;
};

// The first and the last `kept` characters share out what is left: two at the front for one at the back.
std::string around_ellipsis(const std::vector<std::string>& characters, std::size_t kept) {
  const std::size_t back = kept / 3;
  std::string result;
  for (std::size_t i = 0; i < kept - back; ++i) result += characters[i];
  result += kEllipsis;
  for (std::size_t i = characters.size() - back; i < characters.size(); ++i) result += characters[i];
  return result;
}

}  // namespace

void codec::select_font(cairo_t* target, double size, bool bold) {
  cairo_select_font_face(target, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(target, size);
  const std::unique_ptr<cairo_font_options_t, void (*)(cairo_font_options_t*)> options(
      cairo_font_options_create(), cairo_font_options_destroy);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_set_font_options(target, options.get());
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto byte = static_cast<unsigned char>(text[0]);
    if (length == 0) {
      result += kReplacement;
    } else if (length == 1 && (byte < 0x20 || byte == 0x7f)) {
      result += ' ';
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

double text_width(std::string_view text, double size, bool bold) {
  return Ruler().width(printable(text), size, bold);
}

std::string shortened(std::string_view text, double size, double width, bool bold) {
  std::string whole = printable(text);
  const Ruler ruler;
  if (ruler.width(whole, size, bold) <= width) return whole;
  std::vector<std::string> characters;
  for (std::string_view left = whole; !left.empty(); left.remove_prefix(sequence_length(left))) {
    characters.emplace_back(left.substr(0, sequence_length(left)));
  }
  std::size_t kept = characters.size() - 1;
  while (kept > 0 && ruler.width(around_ellipsis(characters, kept), size, bold) > width) --kept;
  return around_ellipsis(characters, kept);
}

std::vector<std::string> wrapped(std::string_view text, double size, double width, bool bold) {
  const std::string whole = printable(text);
  const Ruler ruler;
  std::vector<std::string> lines = {""};
  for (std::string_view left = whole; !left.empty();) {
    const std::size_t end = std::min(left.find(' '), left.size());
    const std::string word = shortened(left.substr(0, end), size, width, bold);
    left.remove_prefix(std::min(end + 1, left.size()));
    const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
    if (ruler.width(longer, size, bold) <= width || lines.back().empty()) {
      lines.back() = longer;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

}  // namespace faultline
