#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "image/grid_figure.h"
#include "image/overlay.h"
#include "report/analysis_figures.h"
#include "report/block_groups.h"
#include "study/words.h"

namespace faultline::report {

namespace {

constexpr Colour kWrong{0.66, 0.2, 0.1, 1.0};
constexpr int kOverlaySide = 176;  // pixels of an overlay: twice the cell, for crisp prints

// To two digits, never as "-0.00".
double rounded(double value) {
  return std::round(100 * value) / 100 + 0.0;
}

// One row for each kind of input: its first draw.
std::vector<std::size_t> shown_rows(const study::Analysis& analysis) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < analysis.inputs.size(); ++row) {
    if (analysis.inputs[row].draw == 0) rows.push_back(row);
  }
  return rows;
}

// The factor, a power of two, that brings the largest perturbation of any shown input to at most half of the
// range.
double magnification(const study::Analysis& analysis, const std::vector<std::size_t>& rows) {
  double largest = 0;
  for (const std::size_t row : rows) largest = std::max(largest, analysis.inputs[row].perturbation.linf);
  return largest > 0 ? std::exp2(std::floor(std::log2(0.5 / largest))) : 1;
}

// Mid-grey is no change.
Tensor magnified_noise(const Tensor& pixels, const Tensor& clean, double factor) {
  Tensor picture(pixels.shape());
  const std::int64_t elements = picture.elements();
  for (std::int64_t i = 0; i < elements; ++i) {
    picture[i] = std::clamp(0.5F + static_cast<float>(factor) * (pixels[i] - clean[i]), 0.0F, 1.0F);
  }
  return picture;
}

Tensor shrunk(const Tensor& pixels) {
  Tensor small = Tensor::uninitialised(Shape{3, kOverlaySide, kOverlaySide});
  const std::int64_t height = pixels.shape()[1];
  const std::int64_t width = pixels.shape()[2];
  for (std::int64_t c = 0; c < 3; ++c) {
    const TensorView plane(pixels.data() + c * height * width, Shape{height, width});
    const Tensor resized = upsample_bilinear(plane, kOverlaySide, kOverlaySide);
    std::copy(resized.values().begin(), resized.values().end(), small.row(c).data());
  }
  return small;
}

GridCell heatmap_cell(const study::Analysis& analysis, const study::AnalysisOptions& options,
                      std::size_t layer, std::size_t method, std::size_t row, const Tensor& small_picture) {
  const compare::HeatmapResponse& response = analysis.response.heatmaps[layer][method];
  const DoubleTensorView raw = response.maps.row(static_cast<std::int64_t>(row));
  Tensor map(raw.shape());
  std::copy(raw.values().begin(), raw.values().end(), map.data());
  GridCell cell;
  cell.picture = overlay(small_picture, scale_map(map, MapScale::maximum));
  if (response.rows[row].blank) {
    cell.captions = {"blank"};
  } else if (row > 0) {
    for (std::size_t d = 0; d < options.compare.distances.size(); ++d) {
      const auto& value = response.rows[row].distances[d];
      if (options.compare.distances[d].name == "distraction" && value)
        cell.captions = {fmt::format("{:.2f}", rounded(*value))};
    }
  }
  return cell;
}

GridRow grid_row(const study::Analysis& analysis, const study::Analyzer& analyzer, std::size_t method,
                 std::size_t row, double factor) {
  const study::InputRecord& input = analysis.inputs[row];
  const Tensor small = shrunk(input.pixels);
  GridRow result;
  result.label = row == 1 && !analysis.attack ? "perturbed" : input.kind;
  result.notes = {study::class_name(analyzer.model().manifest, input.predicted_class),
                  fmt::format("{:.1f} %", 100 * input.probability)};
  if (!input.matched) result.notes.emplace_back("unmatched");
  if (input.predicted_class != analysis.inputs[0].predicted_class) result.note_colour = kWrong;
  result.cells.push_back({.picture = small});
  GridCell noise;
  if (row > 0) noise.picture = shrunk(magnified_noise(input.pixels, analysis.image.pixels, factor));
  result.cells.push_back(std::move(noise));
  for (std::size_t layer = 0; layer < analyzer.map().layers.size(); ++layer) {
    result.cells.push_back(heatmap_cell(analysis, analyzer.options(), layer, method, row, small));
  }
  return result;
}

}  // namespace

Canvas heatmap_grid(const study::Analysis& analysis, const study::Analyzer& analyzer, std::size_t method) {
  const net::NetworkMap& map = analyzer.map();
  const std::vector<std::size_t> rows = shown_rows(analysis);
  const double factor = magnification(analysis, rows);
  const study::AnalysisOptions& options = analyzer.options();
  GridFigure figure;
  figure.title = fmt::format("Where the network looks: {} of the {} score at every layer",
                             options.compare.methods[method].name, options.compare.score.name);
  figure.notes = {
      "Numbers below a map: distraction, the share of attention that has left the area which the clean image "
      "concentrates "
      "on (0 none, 1 all)."};
  figure.columns = {"input", fmt::format("noise x {:.0f}", factor)};
  std::vector<int> blocks;
  for (const net::Layer& layer : map.layers) {
    figure.columns.push_back(layer.name);
    blocks.push_back(layer.block);
  }
  figure.groups = block_groups(map, blocks, 2);
  for (const std::size_t row : rows) figure.rows.push_back(grid_row(analysis, analyzer, method, row, factor));
  figure.colour_bar =
      ColourBar{.title = "attention, relative to each map's largest", .low = "0", .high = "max"};
  return draw_grid(figure);
}

}  // namespace faultline::report
