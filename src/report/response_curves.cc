#include <algorithm>
#include <functional>
#include <limits>

#include "image/curves_figure.h"
#include "report/analysis_figures.h"
#include "report/block_groups.h"

namespace faultline::report {

namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();  // what draw_curves leaves out

// A quantity of one point and one row.
using Quantity = std::function<compare::Measured(std::size_t point, std::size_t row)>;

// The rows of each kind of input but the clean one, in order of appearance.
struct Kind {
  std::string name;
  std::vector<std::size_t> rows;
};

std::vector<Kind> kinds_of(const study::Analysis& analysis) {
  std::vector<Kind> kinds;
  for (std::size_t row = 1; row < analysis.inputs.size(); ++row) {
    const study::InputRecord& input = analysis.inputs[row];
    if (!input.matched) continue;
    if (kinds.empty() || kinds.back().name != input.kind) kinds.push_back({input.kind, {}});
    kinds.back().rows.push_back(row);
  }
  if (!analysis.attack) kinds.front().name = "perturbed";
  return kinds;
}

double mean_of(const Quantity& quantity, std::size_t point, const std::vector<std::size_t>& rows) {
  double sum = 0;
  int count = 0;
  for (const std::size_t row : rows) {
    if (const auto value = quantity(point, row)) {
      sum += *value;
      ++count;
    }
  }
  return count > 0 ? sum / count : kGap;
}

std::vector<Curve> curves(const std::vector<Kind>& kinds, std::size_t points, const Quantity& quantity) {
  std::vector<Curve> result;
  for (const Kind& kind : kinds) {
    Curve curve{.name = kind.name};
    for (std::size_t point = 0; point < points; ++point)
      curve.values.push_back(mean_of(quantity, point, kind.rows));
    result.push_back(std::move(curve));
  }
  return result;
}

std::optional<GreyBand> harmless_band(const std::vector<compare::PointResponse>& points) {
  GreyBand band{.name = "harmless range"};
  bool any = false;
  for (const auto& point : points) {
    band.lower.push_back(point.harmless_steps ? point.harmless_steps->least : kGap);
    band.upper.push_back(point.harmless_steps ? point.harmless_steps->largest : kGap);
    any = any || point.harmless_steps.has_value();
  }
  if (!any) return std::nullopt;
  return band;
}

// Distraction of the first heatmap method at each point that is a layer.
Quantity distraction_at(const study::Analysis& analysis, const study::Analyzer& analyzer) {
  const auto& distances = analyzer.options().compare.distances;
  const auto found = std::find_if(distances.begin(), distances.end(),
                                  [](const auto& each) { return each.name == "distraction"; });
  if (found == distances.end()) return nullptr;
  const auto distance = static_cast<std::size_t>(found - distances.begin());
  return [&analysis, &analyzer, distance](std::size_t point, std::size_t row) -> compare::Measured {
    const net::NetworkMap& map = analyzer.map();
    const auto layer = std::find_if(map.layers.begin(), map.layers.end(), [&](const net::Layer& each) {
      return each.post_activation == map.points[point].node;
    });
    if (layer == map.layers.end()) return std::nullopt;
    return analysis.response.heatmaps[static_cast<std::size_t>(layer - map.layers.begin())]
        .front()
        .rows[row]
        .distances[distance];
  };
}

}  // namespace

Canvas response_curves(const study::Analysis& analysis, const study::Analyzer& analyzer) {
  const compare::ResponseComparison& response = analysis.response;
  const net::NetworkMap& map = analyzer.map();
  const std::size_t n = map.points.size();
  const std::vector<Kind> kinds = kinds_of(analysis);
  CurvesFigure figure;
  figure.title = "How the network responds, point by point";
  figure.notes = {"Controls are noise of the same length; each line is the mean of its draws."};
  std::vector<int> blocks;
  for (const net::Point& point : map.points) {
    figure.positions.push_back(point.name);
    blocks.push_back(point.block);
  }
  figure.groups = block_groups(map, blocks, 0);
  figure.panel_height = 165;
  const auto add = [&](const std::string& title, const std::string& label, const Quantity& quantity) {
    figure.panels.push_back(
        {.title = title, .y_label = label, .curves = curves(kinds, n, quantity), .band = std::nullopt});
  };
  add("Deviation beyond Gaussian noise, accumulated", "log excess",
      [&](auto p, auto r) { return response.points[p].log_excess[r]; });
  add("What each point adds to it", "step", [&](auto p, auto r) { return response.points[p].step[r]; });
  figure.panels.back().band = harmless_band(response.points);
  if (const Quantity distraction = distraction_at(analysis, analyzer)) {
    add("Attention leaving the clean image's area", "distraction", distraction);
  }
  add("Direction of the deviation: 1 straight against the margin", "alignment",
      [&](auto p, auto r) { return response.points[p].alignment[r]; });
  add("What the non-linearities ending here did to the margin", "contribution",
      [&](auto p, auto r) -> compare::Measured {
        const auto& segment = response.points[p].segment;
        if (!segment) return std::nullopt;
        return response.contributions[*segment][r];
      });
  return draw_curves(figure);
}

}  // namespace faultline::report
