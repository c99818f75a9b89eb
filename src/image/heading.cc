#include "image/heading.h"

#include "image/text.h"

namespace faultline::codec {

namespace {

constexpr double kTitleSize = 16.0;
constexpr double kTitleLine = 21.0;
constexpr double kNoteSize = 11.0;
constexpr double kNoteLine = 15.0;

}  // namespace

Heading make_heading(const std::string& title, const std::vector<std::string>& notes, double figure_width) {
  const double width = figure_width - 2.0 * kFigureMargin;
  Heading heading;
  if (!title.empty()) heading.title = wrapped(title, kTitleSize, width, true);
  for (const std::string& note : notes) {
    for (std::string& line : wrapped(note, kNoteSize, width)) heading.notes.push_back(std::move(line));
  }
  return heading;
}

double heading_bottom(const Heading& heading) {
  const double lines = kTitleLine * static_cast<double>(heading.title.size()) +
                       kNoteLine * static_cast<double>(heading.notes.size());
  return kFigureMargin + lines + (lines > 0.0 ? 6.0 : 0.0);
}

void draw_heading(Canvas& canvas, const Heading& heading) {
  double y = kFigureMargin;
  for (const std::string& line : heading.title) {
    canvas.text({kFigureMargin, y}, line,
                {.size = kTitleSize, .bold = true, .vertical = TextStyle::Vertical::top});
    y += kTitleLine;
  }
  for (const std::string& line : heading.notes) {
    canvas.text({kFigureMargin, y}, line,
                {.size = kNoteSize, .colour = kDarkGrey, .vertical = TextStyle::Vertical::top});
    y += kNoteLine;
  }
}

}  // namespace faultline::codec
