#include "study/cause_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "heatmap/score.h"
#include "net/topology.h"
#include "study/analysis_inputs.h"
#include "study/gates_rows.h"
#include "study/layer_tests.h"

namespace faultline::study {

namespace {

// Runs that a search of so many levels takes.
int most_questions(int levels) {
  return 1 + static_cast<int>(std::ceil(std::log2(std::max(levels, 1))));
}

// What a pass resumed at a node costs, of a whole pass.
double share_behind(const engine::Plan& plan, net::NodeId node) {
  const net::NodeSet behind = net::descendants(plan.graph(), std::span(&node, 1));
  double some = 0;
  double all = 0;
  for (const engine::StepTime& step : plan.times()) {
    all += static_cast<double>(step.multiply_adds);
    if (behind[net::at(step.node)] && step.node != node) some += static_cast<double>(step.multiply_adds);
  }
  return all > 0 ? some / all : 1;
}

}  // namespace

CauseTests::CauseTests(const formats::Model& model, const engine::Engine& engine, const CauseOptions& options,
                       std::uint64_t seed)
    : model_(model), options_(options), seed_(seed) {
  if (options_.gates) gates_ = std::make_unique<causal::GatesPlayer>(model.graph, model.map, engine);
  if (options_.branches) {
    substitutions_ = std::make_unique<causal::BlockSubstitutions>(model.graph, model.map, engine);
  }
}

void CauseTests::add_gates(const Analysis& analysis, bool all_controls, const RowKey& key,
                           ImageRecord& record) {
  if (!gates_) return;
  std::vector<std::string> kinds = {"adversarial", "boost"};
  if (all_controls) kinds.insert(kinds.end(), {"gaussian", "flip-gaussian"});
  for (const std::string& kind : kinds) {
    const auto input = first_draw(analysis, kind);
    if (!input) continue;
    GatesRows rows(*gates_, analysis, *input, kind, key, record);
    if (gates_->blocks() <= causal::GatesPlayer::kMostBlocks) {
      rows.add_whole();
    } else {
      rows.add_sampled(seed_);
    }
  }
}

void CauseTests::add_interventions(const Analysis& analysis, engine::Plan& plan, const RowKey& key,
                                   const RunControl& control, ImageRecord& record) {
  const causal::MarginClasses classes = margin_classes(analysis);
  if (substitutions_ && substitutions_->any()) {
    const auto parts = substitutions_->run(analysis.inputs[0].pixels, analysis.inputs[1].pixels, classes);
    for (const causal::PartSubstitution& part : parts) {
      store::SubstitutionRow row{
          .image = key.image,
          .condition = key.condition,
          .kind = part.part == causal::PartSubstitution::Part::block ? "block" : "edge",
          .target = part.target,
          .direction = "compromise",
          .margin = part.compromised.margin,
          .decides = part.compromised.flips(classes)};
      record.substitutions.push_back(row);
      row.direction = "restore";
      row.margin = part.restored.margin;
      row.decides = !part.restored.flips(classes);
      record.substitutions.push_back(std::move(row));
    }
  }
  if (!options_.any_layer()) return;
  const LayerTestInputs inputs(analysis);
  const auto pass = plan.forward(inputs.images);
  const net::NetworkMap& map = model_.map;
  std::vector<net::NodeId> nodes;
  for (const net::Layer& layer : map.layers) nodes.push_back(layer.post_activation);
  std::map<net::NodeId, DoubleTensor> gradients;
  engine::Seeds seeds = heatmap::margin_score(DoubleTensor(pass->logits().rows(0, 1)),
                                              {.clean_class = classes.clean, .other_class = classes.other});
  seeds.rows = {LayerTestInputs::kClean};
  plan.backward(*pass, seeds, nodes,
                [&](const engine::Observation& at) { gradients[at.node()] = at.read_gradient(0); });
  double exchange_error = 0;
  for (std::size_t l = 0; l < map.layers.size(); ++l) {
    control.checkpoint();
    const net::NodeId node = nodes[l];
    const auto point = std::ranges::find(map.points, node, &net::Point::node);
    if (point == map.points.end()) continue;
    const std::string stream = fmt::format("{}/causes/{}", analysis.image.sha256, point->name);
    LayerTests(options_, key, point - map.points.begin(), stream, seed_, record)
        .run(plan, *pass, inputs, node, gradients.at(node), classes, exchange_error);
  }
  if (options_.subset || options_.restore) {
    record.identities.push_back({.image = key.image,
                                 .condition = key.condition,
                                 .identity = "exchange-whole",
                                 .error = exchange_error,
                                 .tolerance = 1e-6});
  }
}

double CauseTests::gates_passes(bool all_controls) const {
  if (!gates_) return 0;
  const int games = all_controls ? 4 : 2;
  if (gates_->blocks() > causal::GatesPlayer::kMostBlocks)
    return games * (2 * kOrderPairs * gates_->blocks() + 4);
  // Each game and the whole runs that confirm one set of each of three questions.
  return games * (gates_->passes_a_game() + 3);
}

double CauseTests::most_intervention_passes(const engine::Plan& plan) const {
  const bool fine = options_.fine;
  const LayerTestGrids grids(fine);
  const int halvings = most_questions(grids.prefix.halvings + 1) -
                       1;  // all of the channels are exchanged once for every search
  double runs = 0;
  if (options_.dose || options_.direction) runs += grids.dose.points + 3;
  if (options_.direction) runs += 3 * most_questions(grids.levels.octaves * grids.levels.per_octave + 1);
  const auto search = [&](std::int64_t channels) {
    return fine ? 2 * std::log2(static_cast<double>(channels)) : halvings;
  };
  const net::NetworkMap& map = model_.map;
  const std::vector<Shape> shapes = model_.graph.infer_shapes(1);
  double passes = 4;
  for (const net::Layer& layer : map.layers) {
    const double searches = search(shapes[net::at(layer.post_activation)][1]);
    double of_layer = runs;
    if (options_.subset) of_layer += (3 + grids.random_orders) * searches;
    if (options_.restore) of_layer += 1 + searches;
    passes += of_layer * share_behind(plan, layer.post_activation);
  }
  return passes;
}

}  // namespace faultline::study
