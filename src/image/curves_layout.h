#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "image/axis.h"
#include "image/canvas.h"
#include "image/curves_figure.h"
#include "image/heading.h"

namespace faultline::codec {

constexpr double kCurveTextSize = 11.0;
constexpr double kLegendLine = 18.0;
constexpr double kLegendSample = 28.0;
constexpr double kLegendNameWidth = 200.0;

// Where everything of a curves figure goes, in the canvas's units.
struct CurvesLayout {
  Heading heading;
  std::vector<std::string> positions;  // shortened
  std::vector<std::string> names;      // of curves, in order of appearance
  std::vector<Axis> axes;              // one a panel
  std::vector<Box> plots;              // one a panel
  double step = 0.0;                   // between positions
  double width = 0.0;
  double height = 0.0;
  bool rotated = false;

  double x(std::size_t panel, double position) const { return plots[panel].x + (position + 0.5) * step; }
  double y(std::size_t panel, double value) const {
    const Box& plot = plots[panel];
    const Axis& axis = axes[panel];
    const double share = (std::clamp(value, axis.low, axis.high) - axis.low) / (axis.high - axis.low);
    return plot.y + plot.height * (1.0 - share);
  }
};

// Throws ContractError as draw_curves states it.
CurvesLayout place_curves(const CurvesFigure& figure);

}  // namespace faultline::codec
