#include "image/curves_figure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "image/curves_layout.h"
#include "image/text.h"

namespace faultline {

namespace {

using codec::CurvesLayout;
using codec::kCurveTextSize;
using codec::kFigureMargin;
using codec::kLegendLine;
using codec::kLegendNameWidth;
using codec::kLegendSample;
using Anchor = TextStyle::Anchor;
using Vertical = TextStyle::Vertical;

constexpr Colour kBandColour{0.85, 0.85, 0.85};

void draw_marker(Canvas& canvas, Point at, std::size_t index, const Colour& colour) {
  // Disc, square, triangle, diamond: corners, and the angle of the first.
  constexpr std::array<int, 4> kCorners = {20, 4, 3, 4};
  constexpr std::array<double, 4> kFirst = {0.0, 0.25, -0.5, 0.0};  // in units of pi
  constexpr std::array<double, 4> kRadius = {3.0, 3.6, 3.8, 3.8};
  const std::size_t shape = index % kCorners.size();
  std::vector<Point> corners;
  for (int i = 0; i < kCorners.at(shape); ++i) {
    const double angle = std::numbers::pi * (kFirst.at(shape) + 2.0 * i / kCorners.at(shape));
    corners.push_back(
        {at.x + kRadius.at(shape) * std::cos(angle), at.y + kRadius.at(shape) * std::sin(angle)});
  }
  canvas.polygon(corners, colour);
}

LineStyle line_style(std::size_t index) {
  LineStyle style{.colour = curve_colour(index), .width = 1.8};
  if (index >= 7) style.dash = {5.0, 3.0};  // where the colours repeat
  return style;
}

// Calls draw(first, last) for every longest run of positions [first, last) at which all the lists are finite.
template <class Draw>
void for_each_run(const std::vector<const std::vector<double>*>& lists, const Draw& draw) {
  const std::size_t n = lists.front()->size();
  const auto present = [&](std::size_t i) {
    return std::all_of(lists.begin(), lists.end(),
                       [i](const auto* list) { return std::isfinite((*list)[i]); });
  };
  for (std::size_t first = 0; first < n; ++first) {
    std::size_t last = first;
    while (last < n && present(last)) ++last;
    if (last > first) draw(first, last);
    first = std::max(first, last);
  }
}

// A band's ends stand half a step out, so that one over a single position is seen.
void draw_band(Canvas& canvas, const CurvesLayout& layout, std::size_t panel,
               const std::vector<double>& lower, const std::vector<double>& upper, const Colour& colour) {
  for_each_run({&lower, &upper}, [&](std::size_t first, std::size_t last) {
    std::vector<Point> outline;
    const auto add = [&](double position, double value) {
      outline.push_back({layout.x(panel, position), layout.y(panel, value)});
    };
    const double start = static_cast<double>(first) - 0.5;
    const double end = static_cast<double>(last) - 0.5;
    add(start, upper[first]);
    for (std::size_t i = first; i < last; ++i) add(static_cast<double>(i), upper[i]);
    add(end, upper[last - 1]);
    add(end, lower[last - 1]);
    for (std::size_t i = last; i > first; --i) add(static_cast<double>(i - 1), lower[i - 1]);
    add(start, lower[first]);
    canvas.polygon(outline, colour);
  });
}

void draw_curve(Canvas& canvas, const CurvesLayout& layout, std::size_t panel, const Curve& curve,
                std::size_t index) {
  const LineStyle style = line_style(index);
  for_each_run({&curve.values}, [&](std::size_t first, std::size_t last) {
    std::vector<Point> points;
    for (std::size_t i = first; i < last; ++i) {
      points.push_back({layout.x(panel, static_cast<double>(i)), layout.y(panel, curve.values[i])});
    }
    canvas.polyline(points, style);
    for (const Point& point : points) draw_marker(canvas, point, index, style.colour);
  });
}

void draw_axes(Canvas& canvas, const CurvePanel& panel, const CurvesLayout& layout, std::size_t p) {
  const Box& plot = layout.plots[p];
  if (layout.axes[p].empty) {
    canvas.text({plot.x + plot.width / 2.0, plot.y + plot.height / 2.0}, "no values",
                {.size = kCurveTextSize, .colour = kGrey, .anchor = Anchor::middle});
  }
  for (const double tick : layout.axes[p].ticks) {
    const double y = layout.y(p, tick);
    canvas.line({plot.x, y}, {plot.x + plot.width, y}, {.colour = {0.93, 0.93, 0.93}, .width = 1.0});
    canvas.text(
        {plot.x - 6.0, y}, codec::tick_text(tick),
        {.size = kCurveTextSize, .colour = kDarkGrey, .anchor = Anchor::end, .vertical = Vertical::middle});
  }
  if (!panel.title.empty()) {
    canvas.text({plot.x, plot.y - 6.0}, shortened(panel.title, 12.0, plot.width, true),
                {.size = 12.0, .bold = true});
  }
  canvas.text({kFigureMargin + kCurveTextSize, plot.y + plot.height / 2.0},
              shortened(panel.y_label, kCurveTextSize, plot.height),
              {.size = kCurveTextSize, .anchor = Anchor::middle, .rotation_degrees = 90.0});
}

void draw_group_lines(Canvas& canvas, const CurvesFigure& figure, const CurvesLayout& layout, std::size_t p) {
  const Box& plot = layout.plots[p];
  for (const ColumnGroup& group : figure.groups) {
    if (group.first == 0) continue;
    const double x = layout.x(p, group.first - 0.5);
    canvas.line({x, plot.y}, {x, plot.y + plot.height}, {.colour = kGrey, .width = 1.0, .dash = {2.0, 3.0}});
  }
}

// Names of groups stand above the title of the first panel; one too narrow for a readable part of its name
// has none.
void draw_group_names(Canvas& canvas, const CurvesFigure& figure, const CurvesLayout& layout) {
  const double y = layout.plots[0].y - (figure.panels[0].title.empty() ? 0.0 : 20.0) - 7.0;
  for (const ColumnGroup& group : figure.groups) {
    const double width = layout.step * group.count - 4.0;
    const double middle = layout.x(0, group.first - 0.5 + group.count / 2.0);
    if (width < 16.0) continue;
    canvas.text({middle, y}, shortened(group.name, kCurveTextSize, width),
                {.size = kCurveTextSize, .colour = kDarkGrey, .anchor = Anchor::middle});
  }
}

void draw_legend(Canvas& canvas, const CurvePanel& panel, const CurvesLayout& layout, std::size_t p,
                 const std::vector<std::size_t>& indices) {
  const Box& plot = layout.plots[p];
  const double x = plot.x + plot.width + 12.0;
  double y = plot.y + kLegendLine / 2.0;
  const auto name = [&](const std::string& text) {
    canvas.text({x + kLegendSample + 6.0, y}, shortened(text, kCurveTextSize, kLegendNameWidth),
                {.size = kCurveTextSize, .vertical = Vertical::middle});
    y += kLegendLine;
  };
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    const LineStyle style = line_style(indices[i]);
    canvas.line({x, y}, {x + kLegendSample, y}, style);
    draw_marker(canvas, {x + kLegendSample / 2.0, y}, indices[i], style.colour);
    name(panel.curves[i].name);
  }
  if (panel.band) {
    canvas.fill({x, y - 5.0, kLegendSample, 10.0}, kBandColour);
    name(panel.band->name);
  }
}

void draw_panel(Canvas& canvas, const CurvesFigure& figure, const CurvesLayout& layout, std::size_t p) {
  const CurvePanel& panel = figure.panels[p];
  const Box& plot = layout.plots[p];
  std::vector<std::size_t> indices;
  for (const Curve& curve : panel.curves) {
    const auto at = std::find(layout.names.begin(), layout.names.end(), curve.name);
    indices.push_back(static_cast<std::size_t>(at - layout.names.begin()));
  }
  if (panel.band) draw_band(canvas, layout, p, panel.band->lower, panel.band->upper, kBandColour);
  draw_axes(canvas, panel, layout, p);
  draw_group_lines(canvas, figure, layout, p);
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    Colour pale = curve_colour(indices[i]);
    pale.alpha = 0.2;
    if (!panel.curves[i].lower.empty()) {
      draw_band(canvas, layout, p, panel.curves[i].lower, panel.curves[i].upper, pale);
    }
  }
  if (panel.zero_line && !layout.axes[p].empty) {
    const double y = layout.y(p, 0.0);
    canvas.line({plot.x, y}, {plot.x + plot.width, y}, {.colour = kDarkGrey, .width = 1.0});
  }
  for (std::size_t i = 0; i < panel.curves.size(); ++i)
    draw_curve(canvas, layout, p, panel.curves[i], indices[i]);
  canvas.frame(plot, {.colour = kGrey, .width = 1.0});
  draw_legend(canvas, panel, layout, p, indices);
}

void draw_positions(Canvas& canvas, const CurvesLayout& layout) {
  const std::size_t last = layout.plots.size() - 1;
  const double bottom = layout.plots[last].y + layout.plots[last].height;
  for (std::size_t i = 0; i < layout.positions.size(); ++i) {
    const double x = layout.x(last, static_cast<double>(i));
    canvas.line({x, bottom}, {x, bottom + 4.0}, {.colour = kGrey});
    if (layout.rotated) {
      canvas.text({x + 3.0, bottom + 12.0}, layout.positions[i],
                  {.size = kCurveTextSize, .anchor = Anchor::end, .rotation_degrees = 45.0});
    } else {
      canvas.text({x, bottom + 8.0}, layout.positions[i],
                  {.size = kCurveTextSize, .anchor = Anchor::middle, .vertical = Vertical::top});
    }
  }
}

}  // namespace

Colour curve_colour(std::size_t index) {
  constexpr std::array<Colour, 7> kColours = {{{0.835, 0.369, 0.0},
                                               {0.0, 0.447, 0.698},
                                               {0.0, 0.620, 0.451},
                                               {0.902, 0.624, 0.0},
                                               {0.800, 0.475, 0.655},
                                               {0.337, 0.706, 0.914},
                                               {0.0, 0.0, 0.0}}};
  return kColours.at(index % kColours.size());
}

Canvas draw_curves(const CurvesFigure& figure) {
  const CurvesLayout layout = codec::place_curves(figure);
  Canvas canvas(layout.width, layout.height);
  codec::draw_heading(canvas, layout.heading);
  draw_group_names(canvas, figure, layout);
  for (std::size_t p = 0; p < figure.panels.size(); ++p) draw_panel(canvas, figure, layout, p);
  draw_positions(canvas, layout);
  return canvas;
}

}  // namespace faultline
