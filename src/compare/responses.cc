#include "compare/responses.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "compare/heatmap_responses.h"
#include "compare/point_responses.h"
#include "compare/reach.h"
#include "heatmap/rectified.h"
#include "heatmap/sweep.h"
#include "tensor/argmax.h"

namespace faultline::compare {
namespace {

void check_roles(std::span<const Role> roles) {
  require(!roles.empty() && roles.front() == Role::clean, "compare_responses: row 0 is the clean image");
  require(std::ranges::count(roles, Role::clean) == 1, "compare_responses: one clean row");
  require(std::ranges::count(roles, Role::adversarial) >= 1, "compare_responses: an adversarial row");
}

void check_logits(const DoubleTensor& logits) {
  if (logits.shape()[1] < 2) {
    throw Error(ErrorKind::model, "the network has " + std::to_string(logits.shape()[1]) +
                                      " class; expected at least 2, as responses are compared by the margin");
  }
  if (!std::ranges::all_of(logits.values(), [](double z) { return std::isfinite(z); })) {
    throw Error(ErrorKind::model, "the network's logits are not finite numbers");
  }
}

int best_class_but(DoubleTensorView logits, int excluded) {
  int best = excluded == 0 ? 1 : 0;
  for (int j = best + 1; j < static_cast<int>(logits.elements()); ++j) {
    if (j != excluded && logits[j] > logits[best]) best = j;
  }
  return best;
}

heatmap::ClassPair class_pair(const DoubleTensor& logits, std::span<const Role> roles) {
  const int clean_class = argmax(logits.row(0).values());
  const auto adversarial = std::ranges::find(roles, Role::adversarial) - roles.begin();
  return {.clean_class = clean_class, .other_class = best_class_but(logits.row(adversarial), clean_class)};
}

std::vector<std::size_t> rows_of(std::span<const Role> roles, Role role) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < roles.size(); ++row) {
    if (roles[row] == role) rows.push_back(row);
  }
  return rows;
}

ResponseComparison judge(const DoubleTensor& logits, std::span<const Role> roles) {
  ResponseComparison result;
  result.classes = class_pair(logits, roles);
  result.logits = logits;
  for (std::int64_t row = 0; row < logits.shape()[0]; ++row) {
    const auto z = logits.row(row);
    result.predictions.push_back(argmax(z.values()));
    result.margins.push_back(z[result.classes.clean_class] - z[result.classes.other_class]);
  }
  return result;
}

void compare_points(engine::Plan& plan, const engine::Pass& pass, std::span<const Role> roles,
                    const net::NetworkMap& map, ResponseComparison& result) {
  std::vector<std::size_t> harmless = rows_of(roles, Role::harmless);
  std::erase_if(harmless,
                [&](std::size_t row) { return result.predictions[row] != result.classes.clean_class; });
  const auto clean_logits = result.logits.row(0);
  const std::vector<int> rivals = rival_classes(clean_logits, result.classes);
  std::vector<double> gaps;
  for (const int rival : rivals)
    gaps.push_back(clean_logits[result.classes.clean_class] - clean_logits[rival]);
  const auto seeds = rival_margins(clean_logits.elements(), result.classes.clean_class, rivals, 0);
  const std::vector<net::NodeId> cut = observed_nodes(plan.graph(), map);
  const MarginSweep sweep = sweep_margins(plan, pass, seeds, cut);
  result.points = measure_deviations(map, sweep, rows_of(roles, Role::gaussian), harmless);
  add_margin_measures(map, sweep, gaps, result.points);

  result.segments = segments(plan.graph(), cut);
  result.contributions.resize(result.segments.size());
  for (std::size_t row = 0; row < roles.size(); ++row) {
    const std::map<net::NodeId, double> pulls = pulls_of(sweep, row);
    for (std::size_t s = 0; s < result.segments.size(); ++s)
      result.contributions[s].push_back(contribution(result.segments[s], pulls));
  }
}

void name_segments(const net::NetworkMap& map, ResponseComparison& result) {
  for (std::size_t i = 0; i < map.points.size(); ++i) {
    for (std::size_t s = 0; s < result.segments.size(); ++s) {
      if (std::ranges::count(result.segments[s].to, map.points[i].node) > 0) result.points[i].segment = s;
    }
  }
}

void compare_heatmaps(engine::Plan& plan, const engine::Pass& pass, const net::NetworkMap& map,
                      const CompareOptions& options, ResponseComparison& result) {
  std::vector<net::NodeId> layers;
  for (const net::Layer& layer : map.layers) layers.push_back(layer.post_activation);
  auto maps =
      heatmap::heatmaps_of_all_layers(plan, pass, layers, options.methods, options.score, result.classes);
  for (auto& of_layer : maps) {
    for (std::size_t i = 0; i < of_layer.size(); ++i) {
      if (options.methods[i].is_signed) of_layer[i] = heatmap::rectified(std::move(of_layer[i]));
    }
    result.heatmaps.push_back(measure_heatmaps(std::move(of_layer), options.distances));
  }
}

}  // namespace

std::vector<net::NodeId> observed_nodes(const net::Graph& graph, const net::NetworkMap& map) {
  std::set<net::NodeId> nodes;
  for (const net::Point& point : map.points) nodes.insert(point.node);
  for (const net::Layer& layer : map.layers) nodes.insert(layer.post_activation);
  for (net::NodeId id = 0; id <= graph.output(); ++id) {
    if (!graph.is_variable(id) || id == graph.input()) continue;
    if (net::response_of(graph, id) != net::Response::affine) nodes.insert(id);
  }
  return {nodes.begin(), nodes.end()};
}

ResponseComparison compare_responses(engine::Plan& plan, TensorView images, std::span<const Role> roles,
                                     const net::NetworkMap& map, const CompareOptions& options) {
  check_roles(roles);
  require(images.shape().rank() > 0 && images.shape()[0] == std::ssize(roles),
          "compare_responses: a role for each row");
  const auto pass = plan.forward(images);
  check_logits(pass->logits());
  ResponseComparison result = judge(pass->logits(), roles);
  compare_points(plan, *pass, roles, map, result);
  name_segments(map, result);
  compare_heatmaps(plan, *pass, map, options, result);
  return result;
}

}  // namespace faultline::compare
