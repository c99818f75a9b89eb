#include "image/curves_layout.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "image/text.h"

namespace faultline::codec {

namespace {

constexpr double kPositionWidth = 150.0;  // of position names, along the text
constexpr double kPanelGap = 16.0;
constexpr double kSlope = std::numbers::sqrt2 / 2.0;

bool fits(const std::vector<double>& values, std::size_t positions, bool optional) {
  return values.size() == positions || (optional && values.empty());
}

void check(const CurvesFigure& figure) {
  const std::size_t n = figure.positions.size();
  require(n > 0 && !figure.panels.empty(), "draw_curves: no positions or no panels");
  require(figure.panel_height >= 40.0, "draw_curves: panels too low");
  for (const CurvePanel& panel : figure.panels) {
    for (const Curve& curve : panel.curves) {
      require(fits(curve.values, n, false) && fits(curve.lower, n, true) && fits(curve.upper, n, true) &&
                  curve.lower.size() == curve.upper.size(),
              "draw_curves: as many values as positions");
    }
    require(!panel.band || (fits(panel.band->lower, n, false) && fits(panel.band->upper, n, false)),
            "draw_curves: as many values as positions");
  }
  for (const ColumnGroup& group : figure.groups) {
    require(group.first >= 0 && group.count >= 1 && group.first + group.count <= static_cast<int>(n),
            "draw_curves: a group outside the positions");
  }
}

Axis axis_of(const CurvePanel& panel) {
  std::vector<double> values;
  const auto add = [&](const std::vector<double>& more) {
    values.insert(values.end(), more.begin(), more.end());
  };
  for (const Curve& curve : panel.curves) {
    add(curve.values);
    add(curve.lower);
    add(curve.upper);
  }
  if (panel.band) {
    add(panel.band->lower);
    add(panel.band->upper);
  }
  const bool any =
      std::any_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
  if (panel.zero_line && any) values.push_back(0.0);
  return make_axis(values);
}

// Space right of the plots for the widest legend entry; 0 if no panel has any.
double legend_width(const CurvesFigure& figure) {
  double widest = 0.0;
  const auto add = [&](const std::string& name) {
    widest = std::max(widest, text_width(shortened(name, kCurveTextSize, kLegendNameWidth), kCurveTextSize));
  };
  for (const CurvePanel& panel : figure.panels) {
    for (const Curve& curve : panel.curves) add(curve.name);
    if (panel.band) add(panel.band->name);
  }
  return widest > 0.0 ? widest + kLegendSample + 18.0 : 0.0;
}

// A panel is at least as high as its legend.
double plot_height(const CurvesFigure& figure, const CurvePanel& panel) {
  const std::size_t entries = panel.curves.size() + (panel.band ? 1 : 0);
  return std::max(figure.panel_height, kLegendLine * static_cast<double>(entries) + 4.0);
}

double axis_width(const CurvesFigure& figure, const std::vector<Axis>& axes) {
  double widest = 0.0;
  for (const Axis& axis : axes) {
    for (const double tick : axis.ticks)
      widest = std::max(widest, text_width(tick_text(tick), kCurveTextSize));
  }
  const bool labelled = std::any_of(figure.panels.begin(), figure.panels.end(),
                                    [](const CurvePanel& panel) { return !panel.y_label.empty(); });
  return widest + 8.0 + (labelled ? 20.0 : 0.0);
}

void gather_names(const CurvesFigure& figure, CurvesLayout& layout) {
  for (const CurvePanel& panel : figure.panels) {
    for (const Curve& curve : panel.curves) {
      if (std::find(layout.names.begin(), layout.names.end(), curve.name) == layout.names.end()) {
        layout.names.push_back(curve.name);
      }
    }
  }
}

// Returns how far the names of the positions reach below the last panel.
double place_positions(const CurvesFigure& figure, CurvesLayout& layout) {
  const auto n = static_cast<double>(figure.positions.size());
  layout.step = std::clamp(660.0 / n, 18.0, 90.0);
  double widest = 0.0;
  for (const std::string& name : figure.positions) {
    layout.positions.push_back(shortened(name, kCurveTextSize, kPositionWidth));
    widest = std::max(widest, text_width(layout.positions.back(), kCurveTextSize));
  }
  layout.rotated = widest > layout.step - 6.0;
  return layout.rotated ? (widest + kCurveTextSize) * kSlope + 8.0 : kCurveTextSize + 10.0;
}

// Turned names begin left of their positions; the first ones may need room there.
double left_reach(const CurvesLayout& layout, double left) {
  double reach = left;
  for (std::size_t i = 0; layout.rotated && i < layout.positions.size(); ++i) {
    const double start = (static_cast<double>(i) + 0.5) * layout.step;
    reach = std::max(reach, kFigureMargin + text_width(layout.positions[i], kCurveTextSize) * kSlope +
                                kCurveTextSize - start);
  }
  return reach;
}

}  // namespace

CurvesLayout place_curves(const CurvesFigure& figure) {
  check(figure);
  CurvesLayout layout;
  gather_names(figure, layout);
  for (const CurvePanel& panel : figure.panels) layout.axes.push_back(axis_of(panel));
  const double below = place_positions(figure, layout);
  const double left = left_reach(layout, kFigureMargin + axis_width(figure, layout.axes));
  const double plot_width = layout.step * static_cast<double>(figure.positions.size());
  layout.width = std::max(left + plot_width + legend_width(figure) + kFigureMargin, 420.0);
  layout.heading = make_heading(figure.title, figure.notes, layout.width);
  double y = heading_bottom(layout.heading);
  if (!figure.groups.empty()) y += 20.0;
  for (const CurvePanel& panel : figure.panels) {
    if (!panel.title.empty()) y += 20.0;
    layout.plots.push_back({left, y, plot_width, plot_height(figure, panel)});
    y += layout.plots.back().height + kPanelGap;
  }
  layout.height = y - kPanelGap + below + kFigureMargin;
  return layout;
}

}  // namespace faultline::codec
