#include "study/response_rows.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "compare/contribution.h"

namespace faultline::study {

namespace {

const char* name_of(compare::Role role) {
  switch (role) {
    case compare::Role::clean:
      return "clean";
    case compare::Role::adversarial:
      return "adversarial";
    case compare::Role::gaussian:
      return "gaussian";
    case compare::Role::harmless:
      return "harmless";
    case compare::Role::other:
      return "other";
  }
  require(false, "no such role");
  return "";
}

// The column of a distance between heatmaps.
compare::Measured& column(store::HeatmapResponseRow& row, std::string_view distance) {
  struct Column {
    std::string_view name;
    compare::Measured store::HeatmapResponseRow::*value;
  };
  using Row = store::HeatmapResponseRow;
  static constexpr Column kColumns[] = {{"distraction", &Row::distraction},
                                        {"cosine", &Row::cosine},
                                        {"iou", &Row::iou},
                                        {"centre-shift", &Row::centre_shift},
                                        {"mse", &Row::mse},
                                        {"pearson", &Row::pearson},
                                        {"spearman", &Row::spearman},
                                        {"ssim", &Row::ssim},
                                        {"jensen-shannon", &Row::jensen_shannon},
                                        {"earth-mover", &Row::earth_mover}};
  const auto* found = std::ranges::find(kColumns, distance, &Column::name);
  require(found != std::end(kColumns), "a distance without a column");
  return row.*found->value;
}

// Of all channels together, which have as many values each.
struct Moments {
  double mean = 0;
  double std = 0;
};
Moments moments_of(const control::Statistics& perturbation) {
  Moments all;
  double squares = 0;
  const auto channels = static_cast<double>(perturbation.mean.size());
  for (std::size_t c = 0; c < perturbation.mean.size(); ++c) {
    all.mean += perturbation.mean[c] / channels;
    squares +=
        (perturbation.std[c] * perturbation.std[c] + perturbation.mean[c] * perturbation.mean[c]) / channels;
  }
  all.std = std::sqrt(std::max(0.0, squares - all.mean * all.mean));
  return all;
}

void add_inputs(const Analysis& analysis, const RowKey& key, ImageRecord& record) {
  for (std::size_t i = 0; i < analysis.inputs.size(); ++i) {
    const InputRecord& input = analysis.inputs[i];
    const Moments moments = moments_of(input.perturbation);
    record.inputs.push_back({.image = key.image,
                             .condition = key.condition,
                             .input = static_cast<std::int64_t>(i),
                             .kind = input.kind,
                             .draw = input.draw,
                             .role = name_of(input.role),
                             .matched = input.matched,
                             .predicted_class = input.predicted_class,
                             .probability = input.probability,
                             .clean_class_probability = input.clean_class_probability,
                             .margin = analysis.response.margins[i],
                             .l2 = input.perturbation.l2,
                             .linf = input.perturbation.linf,
                             .mean = moments.mean,
                             .std = moments.std});
  }
}

void add_points(const Analysis& analysis, const RowKey& key, ImageRecord& record) {
  const auto& points = analysis.response.points;
  for (std::size_t p = 0; p < points.size(); ++p) {
    const compare::PointResponse& point = points[p];
    record.point_scales.push_back({.image = key.image,
                                   .condition = key.condition,
                                   .point = static_cast<std::int64_t>(p),
                                   .clean_norm = point.clean_norm,
                                   .reach = point.reach,
                                   .relative_reach = point.relative_reach});
    for (std::size_t i = 1; i < analysis.inputs.size(); ++i) {
      record.point_responses.push_back({.image = key.image,
                                        .condition = key.condition,
                                        .input = static_cast<std::int64_t>(i),
                                        .point = static_cast<std::int64_t>(p),
                                        .deviation = point.deviation[i],
                                        .log_excess = point.log_excess[i],
                                        .step = point.step[i],
                                        .pull = point.pull[i],
                                        .alignment = point.alignment[i]});
    }
  }
}

void add_contributions(const Analysis& analysis, const RowKey& key, ImageRecord& record) {
  const auto& contributions = analysis.response.contributions;
  for (std::size_t s = 0; s < contributions.size(); ++s) {
    for (std::size_t i = 1; i < analysis.inputs.size(); ++i) {
      record.contributions.push_back({.image = key.image,
                                      .condition = key.condition,
                                      .input = static_cast<std::int64_t>(i),
                                      .segment = static_cast<std::int64_t>(s),
                                      .contribution = contributions[s][i]});
    }
  }
}

void add_heatmaps(const Analysis& analysis, const compare::CompareOptions& options, const RowKey& key,
                  ImageRecord& record) {
  const auto& heatmaps = analysis.response.heatmaps;
  for (std::size_t layer = 0; layer < heatmaps.size(); ++layer) {
    for (std::size_t m = 0; m < options.methods.size(); ++m) {
      for (std::size_t i = 0; i < analysis.inputs.size(); ++i) {
        const compare::HeatmapMeasures& measures = heatmaps[layer][m].rows[i];
        store::HeatmapResponseRow row{.image = key.image,
                                      .condition = key.condition,
                                      .input = static_cast<std::int64_t>(i),
                                      .layer = static_cast<std::int64_t>(layer),
                                      .method = std::string(options.methods[m].name),
                                      .blank = measures.blank,
                                      .entropy = measures.concentration.entropy,
                                      .gini = measures.concentration.gini,
                                      .half_mass = measures.concentration.half_mass};
        if (i > 0) {
          for (std::size_t d = 0; d < options.distances.size(); ++d)
            column(row, options.distances[d].name) = measures.distances[d];
        }
        record.heatmap_responses.push_back(std::move(row));
      }
    }
  }
}

template <class List>
std::optional<std::int64_t> position(const List& list, const auto& matches) {
  const auto found = std::ranges::find_if(list, matches);
  if (found == list.end()) return std::nullopt;
  return found - list.begin();
}

}  // namespace

void add_response_rows(const Analysis& analysis, const net::NetworkMap& map,
                       const compare::CompareOptions& options, const RowKey& key, ImageRecord& record) {
  require(analysis.response.points.size() == map.points.size(), "an analysis of another network");
  add_inputs(analysis, key, record);
  add_points(analysis, key, record);
  add_contributions(analysis, key, record);
  add_heatmaps(analysis, options, key, record);
}

std::vector<store::ClassRow> class_rows(std::span<const std::string> labels) {
  std::vector<store::ClassRow> rows;
  for (const std::string& label : labels) rows.push_back({.number = std::ssize(rows), .label = label});
  return rows;
}

std::vector<store::BlockRow> block_rows(const net::NetworkMap& map) {
  std::vector<store::BlockRow> rows;
  for (const std::string& name : map.blocks) rows.push_back({.block = std::ssize(rows), .name = name});
  return rows;
}

std::vector<store::LayerRow> layer_rows(const net::NetworkMap& map) {
  std::vector<store::LayerRow> rows;
  for (const net::Layer& layer : map.layers)
    rows.push_back({.layer = std::ssize(rows), .name = layer.name, .block = layer.block});
  return rows;
}

std::vector<store::PointRow> point_rows(const net::NetworkMap& map) {
  std::vector<store::PointRow> rows;
  for (const net::Point& point : map.points) {
    rows.push_back(
        {.point = std::ssize(rows),
         .name = point.name,
         .kind = std::string(net::name_of(point.kind)),
         .block = point.block,
         .layer = position(map.layers,
                           [&](const net::Layer& layer) { return layer.post_activation == point.node; }),
         .predecessors = nlohmann::json(point.predecessors).dump()});
  }
  return rows;
}

std::vector<store::SegmentRow> segment_rows(const net::Graph& graph, const net::NetworkMap& map) {
  std::vector<store::SegmentRow> rows;
  for (const compare::Segment& segment : compare::segments(graph, compare::observed_nodes(graph, map))) {
    std::string name;
    for (const net::NodeId node : segment.to) name += (name.empty() ? "" : ", ") + graph.node(node).name;
    const auto ends = [&](const net::Point& point) {
      return segment.to.size() == 1 && point.node == segment.to.front();
    };
    rows.push_back({.segment = std::ssize(rows), .name = name, .point = position(map.points, ends)});
  }
  return rows;
}

}  // namespace faultline::study
