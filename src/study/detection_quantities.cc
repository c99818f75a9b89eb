#include "study/detection_quantities.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "base/parallel.h"
#include "base/philox.h"
#include "compare/alignment.h"
#include "compare/deviation.h"
#include "heatmap/methods.h"
#include "heatmap/score.h"
#include "heatmap/sweep.h"
#include "tensor/argmax.h"

namespace faultline::study {

namespace {

// [K + 1,3,h,w]: the input itself and its copies.
Tensor with_copies(TensorView input, std::uint64_t seed, const std::string& stream,
                   const DetectionOptions& options) {
  Tensor images = Tensor::uninitialised(input.shape().stacked(options.copies + 1));
  copy_values(input, images.row(0));
  const std::int64_t elements = input.elements();
  for (int copy = 0; copy < options.copies; ++copy) {
    const RandomStream numbers(seed, fmt::format("{}/copy={}", stream, copy));
    const MutableTensorView noisy = images.row(copy + 1);
    parallel_for(elements, [&](std::int64_t i) {
      const double moved =
          static_cast<double>(input[i]) + options.noise * numbers.normal(static_cast<std::uint64_t>(i));
      noisy[i] = static_cast<float>(std::clamp(moved, 0.0, 1.0));
    });
  }
  return images;
}

// Means over the copies, of one point.
struct OfPoint {
  compare::Measured deviation;
  compare::Measured alignment;
};

OfPoint measure(const engine::Observation& at, int copies) {
  const engine::Differences differences = at.differences(at, 0, 0);
  const double gradient_norm = at.gradient_norms().front();
  OfPoint sums{0.0, 0.0};
  for (int copy = 1; copy <= copies; ++copy) {
    const auto row = static_cast<std::size_t>(copy);
    const auto deviation = compare::deviation(differences.distances[row], differences.base_norm);
    const auto alignment =
        compare::alignment(differences.dots[row], differences.distances[row], gradient_norm);
    if (!deviation || !(*deviation > 0)) sums.deviation = std::nullopt;
    if (!alignment) sums.alignment = std::nullopt;
    if (sums.deviation) *sums.deviation += std::log(*deviation) / copies;
    if (sums.alignment) *sums.alignment += *alignment / copies;
  }
  return sums;
}

heatmap::ClassPair own_classes(DoubleTensorView logits) {
  heatmap::ClassPair classes{.clean_class = argmax(logits.values()), .other_class = -1};
  for (int j = 0; j < static_cast<int>(logits.elements()); ++j) {
    if (j == classes.clean_class) continue;
    if (classes.other_class < 0 || logits[j] > logits[classes.other_class]) classes.other_class = j;
  }
  return classes;
}

// [layer]: ln of the map's mean.
std::vector<compare::Measured> noisecam_masses(engine::Plan& plan, const engine::Pass& pass,
                                               const net::NetworkMap& map,
                                               const heatmap::ClassPair& classes) {
  std::vector<net::NodeId> layers;
  for (const net::Layer& layer : map.layers) layers.push_back(layer.post_activation);
  const std::vector<heatmap::HeatmapMethod> methods = {heatmap::sweep_method("noisecam")};
  const auto maps =
      heatmap::heatmaps_of_all_layers(plan, pass, layers, methods, heatmap::score("class"), classes);
  std::vector<compare::Measured> masses;
  for (const auto& of_layer : maps) {
    const auto cells = of_layer[0].row(0).values();
    double sum = 0;
    for (const double cell : cells) sum += cell;
    const double mass = std::log(sum / static_cast<double>(cells.size()));
    masses.push_back(std::isfinite(mass) ? compare::Measured(mass) : std::nullopt);
  }
  return masses;
}

}  // namespace

std::vector<store::DetectionRow> detection_quantities(engine::Plan& plan, const net::NetworkMap& map,
                                                      TensorView input, std::uint64_t seed,
                                                      const std::string& stream,
                                                      const DetectionOptions& options) {
  require(options.copies >= 1 && options.noise > 0, "detection quantities: no copies");
  const auto pass = plan.forward(with_copies(input, seed, stream, options));
  const heatmap::ClassPair classes = own_classes(pass->logits().row(0));
  engine::Seeds seeds = heatmap::margin_score(DoubleTensor(pass->logits().rows(0, 1)), classes);
  seeds.rows = {0};
  std::vector<net::NodeId> nodes;
  for (const net::Point& point : map.points) nodes.push_back(point.node);
  std::map<net::NodeId, OfPoint> measured;
  plan.backward(*pass, seeds, nodes,
                [&](const engine::Observation& at) { measured[at.node()] = measure(at, options.copies); });
  const auto alone = plan.forward(TensorView(input.data(), input.shape().stacked(1)));
  const std::vector<compare::Measured> masses = noisecam_masses(plan, *alone, map, classes);

  std::vector<store::DetectionRow> rows;
  for (std::size_t p = 0; p < map.points.size(); ++p) {
    const OfPoint& of_point = measured.at(map.points[p].node);
    const auto point = static_cast<std::int64_t>(p);
    rows.push_back({.quantity = "copies-deviation", .point = point, .value = of_point.deviation});
    rows.push_back({.quantity = "copies-alignment", .point = point, .value = of_point.alignment});
    const auto layer = std::ranges::find(map.layers, map.points[p].node, &net::Layer::post_activation);
    if (layer == map.layers.end()) continue;
    const auto l = static_cast<std::size_t>(layer - map.layers.begin());
    rows.push_back({.quantity = "noisecam-mass", .point = point, .value = masses[l]});
  }
  return rows;
}

}  // namespace faultline::study
