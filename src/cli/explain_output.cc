#include "cli/explain_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "image/encode.h"
#include "image/grid_figure.h"
#include "image/overlay.h"
#include "tensor/npy.h"

namespace faultline::cli {

namespace {

constexpr std::size_t kSheetColumns = 7;

Tensor to_float(const DoubleTensor& map) {
  Tensor result = Tensor::uninitialised(map.shape());
  std::transform(map.values().begin(), map.values().end(), result.data(),
                 [](double v) { return static_cast<float>(v); });
  return result;
}

ColourMap colours_of(MapScale scale) {
  return scale == MapScale::symmetric ? ColourMap::blue_red : ColourMap::inferno;
}

ColourBar colour_bar(MapScale scale) {
  ColourBar bar{.colours = colours_of(scale), .title = {}, .low = "0", .high = "max"};
  if (scale == MapScale::maximum) bar.title = "relative to each map's largest";
  if (scale == MapScale::min_max) {
    bar.title = "between each map's least and largest";
    bar.low = "min";
  }
  if (scale == MapScale::symmetric) {
    bar.title = "relative to each map's largest magnitude";
    bar.low = "-max";
  }
  return bar;
}

GridFigure contact_sheet(const Explanation& explanation) {
  GridFigure sheet;
  sheet.title = fmt::format("{}: {} of \"{}\" ({:.1f} %)", explanation.file.filename().string(),
                            explanation.method, explanation.label, 100 * explanation.probability);
  sheet.columns.resize(std::min(kSheetColumns, explanation.layers.size() + 1));
  sheet.cell_width = sheet.cell_height = 140;
  sheet.colour_bar = colour_bar(explanation.scale);
  sheet.rows.push_back({});
  sheet.rows.back().cells.push_back({.picture = explanation.pixels, .captions = {"input"}});
  return sheet;
}

}  // namespace

bool is_blank(const DoubleTensor& map) {
  return std::all_of(map.values().begin(), map.values().end(), [](double v) { return v == 0; });
}

void write_explanation(const Explanation& explanation, const std::filesystem::path& folder) {
  make_folder(folder);
  GridFigure sheet = contact_sheet(explanation);
  for (std::size_t i = 0; i < explanation.layers.size(); ++i) {
    const std::string name = escape_file_name(explanation.layers[i].name);
    const Tensor raw = to_float(explanation.maps[i]);
    write_npy(folder / (name + ".npy"), raw);
    const ScaledMap scaled = scale_map(raw, explanation.scale);
    Tensor picture = overlay(explanation.pixels, scaled, {.colours = colours_of(explanation.scale)});
    write_png(folder / (name + ".png"), picture);
    if (sheet.rows.back().cells.size() == kSheetColumns) sheet.rows.push_back({});
    std::vector<std::string> captions = {explanation.layers[i].name};
    if (scaled.blank) captions.emplace_back("blank");
    sheet.rows.back().cells.push_back({.picture = std::move(picture), .captions = std::move(captions)});
  }
  draw_grid(sheet).save_png(folder / "contact-sheet.png", 1.5);
}

}  // namespace faultline::cli
