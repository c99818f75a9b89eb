#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/canvas.h"
#include "image/grid_figure.h"

namespace faultline {

// The colours of Okabe and Ito (2008), distinct to colour-blind readers: vermilion, blue, bluish green,
// orange, reddish purple, sky blue, black; from the eighth on they repeat.
Colour curve_colour(std::size_t index);

// A named line over the figure's positions. A NaN or infinite value leaves a gap.
struct Curve {
  std::string name{};
  std::vector<double> values{};
  std::vector<double> lower{};  // with `upper`, a pale band round the line; both empty for none
  std::vector<double> upper{};
};

// A grey region, such as the range in which values are harmless.
struct GreyBand {
  std::string name{};
  std::vector<double> lower{};
  std::vector<double> upper{};
};

struct CurvePanel {
  std::string title{};  // bold, above the panel
  std::string y_label{};
  std::vector<Curve> curves{};
  std::optional<GreyBand> band{};
  bool zero_line = true;  // drawn, and 0 is within the range shown
};

// Panels, one above the other, over the same named positions (such as layers). Curves of the same name have
// the same colour, marker and dash in every panel. Legends stand right of their panels, so that they cover
// nothing.
struct CurvesFigure {
  std::string title{};
  std::vector<std::string> notes{};  // below the title
  std::vector<std::string> positions{};
  std::vector<ColumnGroup> groups{};  // named above the first panel, with separators through all
  std::vector<CurvePanel> panels{};
  double panel_height = 190.0;
};

// Throws ContractError if there are no positions or panels, or a curve has another number of values than
// there are positions.
Canvas draw_curves(const CurvesFigure& figure);

}  // namespace faultline
