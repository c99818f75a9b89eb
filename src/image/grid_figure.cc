#include "image/grid_figure.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "image/decode.h"
#include "image/heading.h"
#include "image/resize.h"
#include "image/text.h"

namespace faultline {

namespace {

constexpr double kMargin = codec::kFigureMargin;
constexpr double kGap = 5.0;        // between cells
constexpr double kLabelGap = 10.0;  // between a row's label and its first cell
constexpr double kLabelWidth = 190.0;
constexpr double kLabelSize = 12.0;
constexpr double kHeaderSize = 11.0;
constexpr double kNoteSize = 10.0;
constexpr double kNoteLine = 13.0;
constexpr double kHeaderWidth = 190.0;  // along the text
constexpr double kGroupHeight = 18.0;
constexpr double kSlope = std::numbers::sqrt2 / 2.0;  // of a header turned by 45 degrees

using Anchor = TextStyle::Anchor;
using Vertical = TextStyle::Vertical;

// Where everything goes, in the canvas's units.
struct Layout {
  codec::Heading heading;
  std::vector<std::string> headers;             // shortened
  std::vector<std::vector<std::string>> texts;  // each row's label lines, then its notes' lines
  std::vector<std::size_t> label_lines;         // how many of these are the label's
  std::vector<double> row_tops;
  bool rotated = false;
  double left = 0.0;      // of the first cell
  double grid_top = 0.0;  // of the group bars
  double bottom = 0.0;    // of the last row
  double width = 0.0;
  double height = 0.0;
};

double column_step(const GridFigure& figure) {
  return figure.cell_width + kGap;
}

double grid_width(const GridFigure& figure) {
  return column_step(figure) * static_cast<double>(figure.columns.size()) - kGap;
}

void check(const GridFigure& figure) {
  require(!figure.columns.empty(), "draw_grid: no columns");
  require(figure.cell_width >= 24.0 && figure.cell_height >= 1.0, "draw_grid: cells too small");
  for (const GridRow& row : figure.rows) {
    require(row.cells.size() <= figure.columns.size(), "draw_grid: more cells than columns");
  }
  for (const ColumnGroup& group : figure.groups) {
    require(group.first >= 0 && group.count >= 1 &&
                group.first + group.count <= static_cast<int>(figure.columns.size()),
            "draw_grid: a group outside the columns");
  }
}

void place_labels(const GridFigure& figure, Layout& layout) {
  double widest = 0.0;
  for (const GridRow& row : figure.rows) {
    std::vector<std::string> lines =
        row.label.empty() ? std::vector<std::string>{} : wrapped(row.label, kLabelSize, kLabelWidth, true);
    layout.label_lines.push_back(lines.size());
    for (const std::string& line : lines) widest = std::max(widest, text_width(line, kLabelSize, true));
    for (const std::string& note : row.notes) {
      for (const std::string& line : wrapped(note, kNoteSize, kLabelWidth)) {
        widest = std::max(widest, text_width(line, kNoteSize));
        lines.push_back(line);
      }
    }
    layout.texts.push_back(std::move(lines));
  }
  layout.left = kMargin + (widest > 0.0 ? widest + kLabelGap : 0.0);
}

// Returns how far the headers rise above the grid.
double place_headers(const GridFigure& figure, Layout& layout) {
  double widest = 0.0;
  for (const std::string& name : figure.columns) {
    layout.headers.push_back(shortened(name, kHeaderSize, kHeaderWidth));
    widest = std::max(widest, text_width(layout.headers.back(), kHeaderSize));
  }
  if (widest == 0.0) return 0.0;
  layout.rotated = widest > figure.cell_width;
  return layout.rotated ? (widest + kHeaderSize) * kSlope + 4.0 : kHeaderSize + 8.0;
}

double row_height(const GridFigure& figure, const GridRow& row, std::size_t text_lines) {
  std::size_t captions = 0;
  for (const GridCell& cell : row.cells) captions = std::max(captions, cell.captions.size());
  const double with_captions =
      figure.cell_height + (captions > 0 ? 3.0 : 0.0) + kNoteLine * static_cast<double>(captions);
  return std::max(with_captions, 16.0 * static_cast<double>(text_lines));
}

// The right edge that the last headers need when they lean over the margin.
double header_reach(const GridFigure& figure, const Layout& layout) {
  double reach = 0.0;
  for (std::size_t i = 0; layout.rotated && i < layout.headers.size(); ++i) {
    const double start = layout.left + column_step(figure) * static_cast<double>(i) + figure.cell_width / 2.0;
    reach = std::max(reach, start + (text_width(layout.headers[i], kHeaderSize) + kHeaderSize) * kSlope);
  }
  return reach;
}

Layout place(const GridFigure& figure) {
  Layout layout;
  place_labels(figure, layout);
  const double rise = place_headers(figure, layout);
  const double right = layout.left + grid_width(figure);
  layout.width = std::max({right, header_reach(figure, layout), 420.0}) + kMargin;
  layout.heading = codec::make_heading(figure.title, figure.notes, layout.width);
  layout.grid_top = codec::heading_bottom(layout.heading) + rise;
  layout.bottom = layout.grid_top + (figure.groups.empty() ? 0.0 : kGroupHeight + 4.0);
  for (std::size_t i = 0; i < figure.rows.size(); ++i) {
    layout.row_tops.push_back(layout.bottom);
    layout.bottom += row_height(figure, figure.rows[i], layout.texts[i].size()) + 8.0;
  }
  layout.height = layout.bottom + (figure.colour_bar ? 40.0 : 0.0) + kMargin - 8.0;
  return layout;
}

void draw_headers(Canvas& canvas, const GridFigure& figure, const Layout& layout) {
  for (std::size_t i = 0; i < layout.headers.size(); ++i) {
    const double middle =
        layout.left + column_step(figure) * static_cast<double>(i) + figure.cell_width / 2.0;
    const Point foot{middle, layout.grid_top - 5.0};
    if (layout.rotated) {
      canvas.text({foot.x + 3.0, foot.y}, layout.headers[i], {.size = kHeaderSize, .rotation_degrees = 45.0});
    } else {
      canvas.text(foot, layout.headers[i], {.size = kHeaderSize, .anchor = Anchor::middle});
    }
  }
}

void draw_groups(Canvas& canvas, const GridFigure& figure, const Layout& layout) {
  for (const ColumnGroup& group : figure.groups) {
    const Box box{layout.left + column_step(figure) * group.first, layout.grid_top,
                  column_step(figure) * group.count - kGap, kGroupHeight};
    canvas.fill(box, kLightGrey);
    canvas.text({box.x + box.width / 2.0, box.y + box.height / 2.0},
                shortened(group.name, kHeaderSize, box.width - 4.0, true),
                {.size = kHeaderSize, .bold = true, .anchor = Anchor::middle, .vertical = Vertical::middle});
  }
}

// A picture with far more pixels than are shown only makes the file larger and the edges ragged.
Tensor fitted(const Tensor& picture, double width, double height) {
  const int most_width = static_cast<int>(std::ceil(2.0 * width));
  const int most_height = static_cast<int>(std::ceil(2.0 * height));
  const Image image{static_cast<int>(picture.shape()[2]), static_cast<int>(picture.shape()[1]), picture};
  if (image.width <= most_width && image.height <= most_height) return picture;
  return resize(image,
                {.width = std::min(image.width, most_width), .height = std::min(image.height, most_height)});
}

// The largest box of the picture's proportions within the cell, centred.
Box fit(const Box& cell, const Tensor& picture) {
  const auto width = static_cast<double>(picture.shape()[2]);
  const auto height = static_cast<double>(picture.shape()[1]);
  const double scale = std::min(cell.width / width, cell.height / height);
  return {cell.x + (cell.width - scale * width) / 2.0, cell.y + (cell.height - scale * height) / 2.0,
          scale * width, scale * height};
}

void draw_cell(Canvas& canvas, const GridCell& cell, const Box& box) {
  if (cell.picture.elements() == 0) {
    canvas.fill(box, {0.96, 0.96, 0.96});
  } else {
    const Box place = fit(box, cell.picture);
    canvas.picture(fitted(cell.picture, place.width, place.height), place, cell.interpolation);
    if (cell.frame) {
      canvas.frame({place.x - 1.0, place.y - 1.0, place.width + 2.0, place.height + 2.0},
                   {.colour = *cell.frame, .width = 2.0});
    }
  }
  double y = box.y + box.height + 4.0;
  for (const std::string& caption : cell.captions) {
    canvas.text({box.x + box.width / 2.0, y}, shortened(caption, kNoteSize, box.width + kGap - 2.0),
                {.size = kNoteSize,
                 .colour = cell.caption_colour,
                 .anchor = Anchor::middle,
                 .vertical = Vertical::top});
    y += kNoteLine;
  }
}

void draw_row_text(Canvas& canvas, const GridRow& row, const std::vector<std::string>& lines,
                   std::size_t label_lines, double y) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_label = i < label_lines;
    canvas.text({kMargin, y}, lines[i],
                {.size = is_label ? kLabelSize : kNoteSize,
                 .bold = is_label,
                 .colour = is_label ? kBlack : row.note_colour,
                 .vertical = Vertical::top});
    y += is_label ? 16.0 : kNoteLine;
  }
}

void draw_colour_bar(Canvas& canvas, const ColourBar& bar, const Layout& layout) {
  Tensor ramp({1, 128});
  for (std::int64_t i = 0; i < 128; ++i) ramp[i] = static_cast<float>(i) / 127.0F;
  const double y = layout.bottom + 18.0;
  const TextStyle style{.size = kNoteSize, .colour = kDarkGrey, .vertical = Vertical::middle};
  canvas.text({layout.left, y - 10.0}, bar.title, style);
  canvas.text({layout.left, y + 6.0}, bar.low, style);
  const Box box{layout.left + text_width(bar.low, kNoteSize) + 6.0, y, 160.0, 12.0};
  canvas.picture(colourise(ramp, bar.colours), box);
  canvas.frame(box, {.colour = kGrey, .width = 0.5});
  canvas.text({box.x + box.width + 6.0, y + 6.0}, bar.high, style);
}

}  // namespace

Canvas draw_grid(const GridFigure& figure) {
  check(figure);
  const Layout layout = place(figure);
  Canvas canvas(layout.width, layout.height);
  codec::draw_heading(canvas, layout.heading);
  draw_headers(canvas, figure, layout);
  draw_groups(canvas, figure, layout);
  for (std::size_t r = 0; r < figure.rows.size(); ++r) {
    const GridRow& row = figure.rows[r];
    draw_row_text(canvas, row, layout.texts[r], layout.label_lines[r], layout.row_tops[r] + 2.0);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      draw_cell(canvas, row.cells[i],
                {layout.left + column_step(figure) * static_cast<double>(i), layout.row_tops[r],
                 figure.cell_width, figure.cell_height});
    }
  }
  if (figure.colour_bar) draw_colour_bar(canvas, *figure.colour_bar, layout);
  return canvas;
}

}  // namespace faultline
