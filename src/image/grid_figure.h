#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/canvas.h"
#include "image/colour_map.h"

namespace faultline {

// Consecutive columns, or positions on an axis, that belong together.
struct ColumnGroup {
  std::string name{};
  int first = 0;
  int count = 1;
};

// One picture of the grid with its captions below it, each on a line of its own and shortened to the cell.
struct GridCell {
  Tensor picture{};  // [3,H,W] in [0,1]; empty leaves a pale field
  std::vector<std::string> captions{};
  Colour caption_colour = kDarkGrey;
  std::optional<Colour> frame{};  // draws the eye to the cell
  Interpolation interpolation = Interpolation::smooth;
};

struct GridRow {
  std::string label{};               // bold, left of the pictures
  std::vector<std::string> notes{};  // below the label; long ones are wrapped
  Colour note_colour = kDarkGrey;
  std::vector<GridCell> cells{};
};

// What the colours of the pictures mean.
struct ColourBar {
  ColourMap colours = ColourMap::inferno;
  std::string title{};
  std::string low{};
  std::string high{};
};

// Rows of pictures under column headers. Headers stand upright above their columns where all fit, else all
// are turned by 45 degrees; none overlap. Cells missing at the end of a row are left empty.
struct GridFigure {
  std::string title{};
  std::vector<std::string> notes{};  // below the title
  std::vector<std::string> columns{};
  std::vector<ColumnGroup> groups{};  // bars between the headers and the first row
  std::vector<GridRow> rows{};
  double cell_width = 88.0;
  double cell_height = 88.0;
  std::optional<ColourBar> colour_bar{};
};

// Throws ContractError if a row has more cells than there are columns, a group lies outside them, or a cell
// is narrower than 24 units (rotated headers would touch).
Canvas draw_grid(const GridFigure& figure);

}  // namespace faultline
