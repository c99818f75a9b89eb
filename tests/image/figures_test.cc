#include <cmath>
#include <limits>

#include "expect_error.h"
#include "image/axis.h"
#include "image/curves_figure.h"
#include "image/decode.h"
#include "image/grid_figure.h"

namespace faultline {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

int pixels_of(const Image& image, const Colour& colour) {
  const std::int64_t plane = std::int64_t{image.width} * image.height;
  const double wanted[] = {colour.red, colour.green, colour.blue};
  int count = 0;
  for (std::int64_t i = 0; i < plane; ++i) {
    bool matches = true;
    for (std::int64_t c = 0; c < 3; ++c) {
      matches = matches && std::fabs(static_cast<double>(image.pixels[c * plane + i]) - wanted[c]) < 0.006;
    }
    count += matches ? 1 : 0;
  }
  return count;
}

Image rendered(const Canvas& canvas) {
  return decode_image(canvas.png(1.0), "figure");
}

Tensor plain(const Colour& colour) {
  Tensor picture({3, 8, 8});
  const double channels[] = {colour.red, colour.green, colour.blue};
  for (std::int64_t i = 0; i < picture.elements(); ++i) picture[i] = static_cast<float>(channels[i / 64]);
  return picture;
}

GridFigure grid(std::size_t columns, const std::string& header) {
  GridFigure figure{.title = "title", .columns = std::vector<std::string>(columns, header), .rows = {}};
  for (int r = 0; r < 2; ++r) {
    GridRow row{.label = "row", .notes = {"a note"}};
    for (std::size_t i = 0; i < columns; ++i) {
      row.cells.push_back({.picture = plain({0.0, 0.6, 0.2}), .captions = {"one", "two"}});
    }
    figure.rows.push_back(std::move(row));
  }
  return figure;
}

TEST(GridFigure, ShowsEveryPictureInFull) {
  GridFigure figure = grid(3, "h");
  figure.cell_width = figure.cell_height = 50;
  // The edges of a cell may lie between pixels.
  EXPECT_NEAR(pixels_of(rendered(draw_grid(figure)), {0.0, 0.6, 0.2}), 6 * 50 * 50, 6 * 200);
}

TEST(GridFigure, LongHeadersAreTurnedAndStayOnTheCanvas) {
  const Canvas upright = draw_grid(grid(20, "h"));
  const Canvas turned = draw_grid(grid(20, "block5_conv3/expand3x3"));
  EXPECT_GT(turned.height(), upright.height() + 60);
  const Image image = rendered(turned);
  const std::int64_t plane = std::int64_t{image.width} * image.height;
  for (int y = 0; y < image.height; ++y) {
    EXPECT_GT(image.pixels[plane + std::int64_t{y} * image.width + image.width - 4], 0.99F) << y;
  }
}

TEST(GridFigure, FramesGroupsAndColourBarAreDrawn) {
  GridFigure figure = grid(4, "h");
  const Canvas bare = draw_grid(figure);
  figure.groups = {{"first", 0, 2}, {"second", 2, 2}};
  figure.rows[0].cells[1].frame = Colour{1.0, 0.0, 0.0};
  figure.colour_bar = ColourBar{ColourMap::viridis, "value", "0", "1"};
  const Canvas full = draw_grid(figure);
  EXPECT_GT(full.height(), bare.height() + 50);
  EXPECT_GT(pixels_of(rendered(full), {1.0, 0.0, 0.0}), 200);
  EXPECT_GT(pixels_of(rendered(full), kLightGrey), 4000);
}

TEST(GridFigure, ImpossibleGridsAreBroken) {
  GridFigure figure = grid(2, "h");
  figure.columns.pop_back();
  EXPECT_THROW(draw_grid(figure), ContractError);
  figure = grid(2, "h");
  figure.groups = {{"outside", 1, 2}};
  EXPECT_THROW(draw_grid(figure), ContractError);
  EXPECT_THROW(draw_grid({}), ContractError);
}

CurvesFigure curves(const std::vector<double>& values) {
  CurvesFigure figure{.positions = std::vector<std::string>(values.size(), "layer")};
  figure.panels = {{.curves = {{.name = "a", .values = values}}}};
  return figure;
}

TEST(CurvesFigure, MissingValuesLeaveGaps) {
  const Colour colour = curve_colour(0);
  const int whole = pixels_of(rendered(draw_curves(curves({1, 2, 1, 2, 1, 2}))), colour);
  const int gap = pixels_of(rendered(draw_curves(curves({1, 2, kMissing, kMissing, 1, 2}))), colour);
  const int none = pixels_of(rendered(draw_curves(curves(std::vector<double>(6, kMissing)))), colour);
  EXPECT_GT(gap, none + 50);  // the legend alone
  EXPECT_GT(whole, gap + 50);
}

TEST(CurvesFigure, TheSameNameHasTheSameColourInEveryPanel) {
  CurvesFigure figure = curves({1, 2, 3});
  figure.panels.push_back(
      {.curves = {{.name = "b", .values = {1, 2, 3}}, {.name = "a", .values = {3, 2, 1}}}});
  const Image both = rendered(draw_curves(figure));
  figure.panels.pop_back();
  const Image first = rendered(draw_curves(figure));
  EXPECT_EQ(pixels_of(first, curve_colour(1)), 0);
  EXPECT_GT(pixels_of(both, curve_colour(1)), 100);
  EXPECT_GT(pixels_of(both, curve_colour(0)), pixels_of(first, curve_colour(0)) * 3 / 2);
}

TEST(CurvesFigure, BandsCoverTheirRange) {
  CurvesFigure figure = curves({5, 5, 5, 5});
  figure.panels[0].band = GreyBand{"harmless", {-5, -5, -5, -5}, {0, 0, 0, 0}};
  const Image image = rendered(draw_curves(figure));
  // Half of the range shown, but for some room, lines and the legend.
  EXPECT_GT(pixels_of(image, {0.85, 0.85, 0.85}), 4 * 90 * 190 * 35 / 100);
}

TEST(CurvesFigure, SurvivesExtremeValues) {
  const double largest = std::numeric_limits<double>::max();
  for (const auto& values : std::vector<std::vector<double>>{{largest, -largest},
                                                             {largest, largest},
                                                             {5e-324, 0},
                                                             {1e10, 1e10 + 1e-6},
                                                             {HUGE_VAL, 1},
                                                             {kMissing, kMissing}}) {
    EXPECT_GT(rendered(draw_curves(curves(values))).width, 100);
  }
  EXPECT_GT(rendered(draw_curves(curves({1.0}))).width, 100);
}

TEST(CurvesFigure, ImpossibleFiguresAreBroken) {
  EXPECT_THROW(draw_curves({}), ContractError);
  CurvesFigure figure = curves({1, 2});
  figure.positions.emplace_back("third");
  EXPECT_THROW(draw_curves(figure), ContractError);
  figure = curves({1, 2});
  figure.groups = {{"outside", 0, 3}};
  EXPECT_THROW(draw_curves(figure), ContractError);
}

TEST(Axis, TicksAreRoundAndWithinTheRange) {
  for (const double scale : {1e-7, 0.3, 1.0, 47.0, 1e9}) {
    const codec::Axis axis = codec::make_axis({-scale, 0.4 * scale, kMissing});
    EXPECT_LT(axis.low, -scale);
    EXPECT_GT(axis.high, 0.4 * scale);
    EXPECT_GE(axis.ticks.size(), 4U);
    EXPECT_LE(axis.ticks.size(), 12U);
    for (const double tick : axis.ticks) EXPECT_TRUE(tick >= axis.low && tick <= axis.high);
  }
  EXPECT_TRUE(codec::make_axis({kMissing}).empty);
  EXPECT_EQ(codec::tick_text(-0.0), "0");
  EXPECT_EQ(codec::tick_text(0.25), "0.25");
}

}  // namespace
}  // namespace faultline
