#pragma once

#include <optional>
#include <span>
#include <vector>

#include "compare/catalogue.h"
#include "compare/concentration.h"
#include "compare/contribution.h"
#include "compare/harmless_range.h"
#include "compare/measured.h"
#include "engine/engine.h"
#include "heatmap/catalogue.h"
#include "heatmap/score.h"
#include "net/points.h"

namespace faultline::compare {

// What an input of a comparison is.
enum class Role {
  clean,        // the image itself; row 0, and only that
  adversarial,  // the first of them names t, the class that the image is confused with
  gaussian,     // noise that log excesses are counted from
  harmless,     // a structured control (phase, boost, ...); counts as harmless where it kept the class
  other,        // compared, but nothing is measured against it
};

struct CompareOptions {
  std::vector<heatmap::HeatmapMethod> methods = {heatmap::standard_heatmap_methods().begin(),
                                                 heatmap::standard_heatmap_methods().end()};
  std::vector<MapDistance> distances = default_map_distances();
  heatmap::Score score = heatmap::scores().front();  // what heatmaps explain
};

// Of one point. Vectors have one entry for each row; the clean row has deviation 0, pull 0 and neither
// excess, step nor alignment.
struct PointResponse {
  double clean_norm = 0;             // |A|
  std::vector<double> distance;      // |A' - A|
  std::vector<Measured> deviation;   // see deviation.h
  std::vector<Measured> log_excess;  // see deviation.h
  std::vector<Measured> step;        // see step.h
  std::vector<double> pull;         // <dm/dA(x), A' - A>: the margin's change if all that follows were linear
  std::vector<Measured> alignment;  // see alignment.h
  Measured reach;                   // see reach.h
  Measured relative_reach;          // reach / |A|
  std::optional<Range> harmless_steps;      // of the harmless rows that kept the class
  std::optional<std::size_t> segment = {};  // the one that ends here; none for the first point
};

// Of one row's heatmap.
struct HeatmapMeasures {
  bool blank = false;
  Concentration concentration;
  std::vector<Measured> distances;  // from the clean row's, as options.distances
};

// Of one layer and method.
struct HeatmapResponse {
  DoubleTensor maps;  // [rows,h,w], raw
  std::vector<HeatmapMeasures> rows;
};

struct ResponseComparison {
  heatmap::ClassPair
      classes;          // c = argmax z(x); t = argmax z(x_a), or the best other class there if that is c
  DoubleTensor logits;  // [rows,K]
  std::vector<int> predictions;       // [rows]: argmax z, the first of several
  std::vector<double> margins;        // [rows]: m = z_c - z_t
  std::vector<PointResponse> points;  // as map.points
  std::vector<Segment> segments;
  std::vector<std::vector<double>> contributions;      // [segment][row], see contribution.h
  std::vector<std::vector<HeatmapResponse>> heatmaps;  // [layer as map.layers][method as options.methods]
};

// What a plan has to observe for compare_responses: points, layers and the values of all other non-affine
// nodes, ascending.
std::vector<net::NodeId> observed_nodes(const net::Graph& graph, const net::NetworkMap& map);

// Compares how a network responds to inputs near an image with how it responds to the image.
//   plan: compiled with observed_nodes; images [rows,3,H,W] in pixel units, row 0 the clean one; roles
//   [rows].
// Costs one forward pass of all rows, one backward pass of all rows (the heatmaps' score) and one of at most
// 5 seeds at the clean row (margin and reach). Rows do not influence each other but through their roles.
// Throws ContractError unless row 0 alone is clean and there is an adversarial row; Error{model} for a
// network of fewer than two classes, or one that gives logits that are not finite.
ResponseComparison compare_responses(engine::Plan& plan, TensorView images, std::span<const Role> roles,
                                     const net::NetworkMap& map, const CompareOptions& options = {});

}  // namespace faultline::compare
