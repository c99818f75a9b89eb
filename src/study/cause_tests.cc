#include "study/cause_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "base/error.h"
#include "base/philox.h"
#include "causal/gate_sets.h"
#include "causal/shapley.h"
#include "heatmap/score.h"
#include "net/topology.h"

namespace faultline::study {

namespace {

struct CauseName {
  std::string_view name;
  bool CauseOptions::*wanted;
};
constexpr CauseName kCauses[] = {
    {"gates", &CauseOptions::gates},         {"dose", &CauseOptions::dose},
    {"direction", &CauseOptions::direction}, {"subset", &CauseOptions::subset},
    {"restore", &CauseOptions::restore},     {"branches", &CauseOptions::branches}};

// What the budget of 260 forward passes an image leaves on VGG-16, and what a finer look takes.
causal::DoseGrid dose_grid(bool fine) {
  return fine ? causal::DoseGrid{.points = 32, .resolution = 1.0 / 256} : causal::DoseGrid{};
}
causal::DoseLevels dose_levels(bool fine) {
  return {.largest = 64, .octaves = 7, .per_octave = fine ? 4 : 1};
}
causal::PrefixSearch prefix_search(bool fine) {
  return {.halvings = 6, .exact = fine};
}
int random_orders(bool fine) {
  return fine ? 8 : 2;
}

// Of the players of games that are too large to play whole.
constexpr int kOrderPairs = 8;

// Runs that a search of so many levels takes.
int most_questions(int levels) {
  return 1 + static_cast<int>(std::ceil(std::log2(std::max(levels, 1))));
}

// The clean and the adversarial input, and what directions are taken from.
struct Rows {
  Tensor images;
  static constexpr int kClean = 0;
  static constexpr int kAdversarial = 1;
  std::vector<std::pair<std::string, int>> others;  // kind of the input, row
};

std::optional<std::size_t> first_of(const Analysis& analysis, std::string_view kind) {
  for (std::size_t i = 0; i < analysis.inputs.size(); ++i) {
    const InputRecord& input = analysis.inputs[i];
    if (input.kind == kind && input.draw == 0 && input.matched) return i;
  }
  return std::nullopt;
}

Rows rows_of(const Analysis& analysis) {
  std::vector<Tensor> images = {analysis.inputs[0].pixels, analysis.inputs[1].pixels};
  Rows rows;
  for (const char* kind : {"gaussian", "boost"}) {
    const auto input = first_of(analysis, kind);
    if (!input) continue;
    rows.others.emplace_back(kind, static_cast<int>(images.size()));
    images.push_back(analysis.inputs[*input].pixels);
  }
  rows.images = stack(images);
  return rows;
}

causal::MarginClasses classes_of(const Analysis& analysis) {
  return {.clean = analysis.response.classes.clean_class, .other = analysis.response.classes.other_class};
}

DoubleTensor minus(const DoubleTensor& a, const DoubleTensor& b) {
  DoubleTensor result(a.shape());
  for (std::int64_t i = 0; i < a.elements(); ++i) result[i] = a[i] - b[i];
  return result;
}

// [C]: <dm/dA_k, A'_k - A_k> of each channel.
std::vector<double> channel_pulls(const DoubleTensor& gradient, const DoubleTensor& change) {
  const std::int64_t channels = gradient.shape()[0];
  const std::int64_t positions = gradient.elements() / channels;
  std::vector<double> pulls(static_cast<std::size_t>(channels));
  for (std::int64_t i = 0; i < gradient.elements(); ++i)
    pulls[static_cast<std::size_t>(i / positions)] += gradient[i] * change[i];
  return pulls;
}

std::vector<int> random_order(std::int64_t channels, std::uint64_t seed, const std::string& name) {
  const RandomStream stream(seed, name);
  std::vector<int> order(static_cast<std::size_t>(channels));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[stream.below(i, i)]);
  return order;
}

// Tests one layer.
class LayerTests {
 public:
  LayerTests(const CauseOptions& options, const RowKey& key, std::int64_t point, std::string stream,
             std::uint64_t seed, ImageRecord& record)
      : options_(options),
        key_(key),
        point_(point),
        stream_(std::move(stream)),
        seed_(seed),
        record_(record) {}

  // gradient: dm/dA at the clean image. exchange_error is raised to the error of exchanging all, where that
  // is known.
  void run(engine::Plan& plan, const engine::Pass& pass, const Rows& rows, net::NodeId node,
           const DoubleTensor& gradient, const causal::MarginClasses& classes, double& exchange_error) {
    causal::Substitution substitution(plan, pass, node, classes, {Rows::kClean, Rows::kAdversarial});
    const DoubleTensor clean = substitution.clean_value();
    const auto change_of = [&](int row) { return minus(pass.observe(node).read(row), clean); };
    if (options_.dose || options_.direction) {
      const auto dose = causal::critical_dose(substitution, classes, dose_grid(options_.fine));
      add({.kind = "dose", .source = "adversarial", .value = dose.dose});
      if (options_.direction) {
        const causal::ValueRange range = causal::value_range(plan.graph(), node);
        for (const auto& [kind, row] : rows.others)
          add_direction(substitution, change_of(row), kind, range, classes, dose);
        const DoubleTensor noise = causal::white_noise(clean.shape(), seed_, stream_ + "/white-noise");
        add_direction(substitution, noise, "white-noise", range, classes, dose);
      }
    }
    if (!options_.subset && !options_.restore) return;
    // What all of the network passes, exchanged as a whole, gives the other run.
    if (net::is_passed_by_all(plan.graph(), node)) {
      const auto margin_of = [&](int row) {
        return causal::margin(pass.logits().row(row).values(), classes);
      };
      exchange_error = std::max(
          {exchange_error, std::abs(substitution.exchanged_whole().margin - margin_of(Rows::kAdversarial)),
           std::abs(substitution.restored_whole().margin - margin_of(Rows::kClean))});
    }
    const auto by_pull = causal::ascending(channel_pulls(gradient, change_of(Rows::kAdversarial)));
    if (options_.restore) {
      add_share(
          "restore", "pull",
          causal::smallest_restoring_prefix(substitution, by_pull, classes, prefix_search(options_.fine)));
    }
    if (!options_.subset) return;
    add_subset(substitution, "pull", by_pull, classes);
    std::vector<double> nearness = substitution.channel_distances();
    for (double& each : nearness) each = -each;
    add_subset(substitution, "distance", causal::ascending(nearness), classes);
    for (const auto& [kind, row] : rows.others) {
      if (kind == "boost")
        add_subset(substitution, "boost", causal::ascending(channel_pulls(gradient, change_of(row))),
                   classes);
    }
    for (int i = 0; i < random_orders(options_.fine); ++i) {
      const std::string name = fmt::format("{}/random-order={}", stream_, i);
      add_subset(substitution, fmt::format("random-{}", i),
                 random_order(substitution.channels(), seed_, name), classes);
    }
  }

 private:
  void add(store::InterventionRow row) {
    row.image = key_.image;
    row.condition = key_.condition;
    row.point = point_;
    record_.interventions.push_back(std::move(row));
  }
  void add_direction(causal::Substitution& substitution, const DoubleTensor& direction,
                     const std::string& kind, const causal::ValueRange& range,
                     const causal::MarginClasses& classes, const causal::CriticalDose& adversarial) {
    const auto found =
        causal::deviation_dose(substitution, direction, range, classes, dose_levels(options_.fine));
    add({.kind = "dose", .source = kind, .value = found.dose, .limit = found.limit});
    if (!adversarial.dose) return;
    store::InterventionRow factor{
        .kind = "direction", .source = kind, .limit = found.limit / *adversarial.dose};
    if (found.dose) factor.value = *found.dose / *adversarial.dose;
    add(std::move(factor));
  }
  void add_subset(causal::Substitution& substitution, const std::string& source,
                  const std::vector<int>& order, const causal::MarginClasses& classes) {
    add_share("subset", source,
              causal::smallest_flipping_prefix(substitution, order, classes, prefix_search(options_.fine)));
  }
  void add_share(const std::string& kind, const std::string& source, const causal::ChannelSubset& found) {
    store::InterventionRow row{.kind = kind, .source = source};
    if (found.channels) {
      row.value = found.share;
      row.square_share = found.square_share;
    }
    add(std::move(row));
  }

  const CauseOptions& options_;
  RowKey key_;
  std::int64_t point_;
  std::string stream_;
  std::uint64_t seed_;
  ImageRecord& record_;
};

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

void add_sets(std::string_view question, const std::vector<causal::Coalition>& sets,
              const std::function<causal::Coalition(causal::Coalition blocks)>& players,
              causal::GatesPlayer& player, const store::GateSetRow& base, ImageRecord& record) {
  store::GateSetRow row = base;
  row.question = question;
  if (sets.empty()) record.gate_sets.push_back(row);
  for (std::size_t rank = 0; rank < sets.size(); ++rank) {
    row.rank = static_cast<std::int64_t>(rank);
    row.blocks = sets[rank];
    row.size = causal::size(sets[rank]);
    row.margin = std::nullopt;
    if (rank == 0) row.margin = player.run(players(sets[rank]));  // the one that reports name
    record.gate_sets.push_back(row);
  }
}

// Rows of the gates game between the clean image and one input.
struct GamesOfInput {
  causal::GatesPlayer& player;
  const Analysis& analysis;
  std::size_t input;
  const std::string& kind;
  RowKey key;
  ImageRecord& record;

  void add_whole() const {
    const causal::GatesGame game =
        player.play(analysis.inputs[0].pixels, analysis.inputs[input].pixels, classes_of(analysis));
    record.gates_runs.push_back({.image = key.image,
                                 .condition = key.condition,
                                 .input = static_cast<std::int64_t>(input),
                                 .values = game.values,
                                 .identity_error = game.identity_error});
    add_shares({.values = causal::shapley_values(game.values), .standard_errors = {}},
               game.values.front() - game.values.back());
    add_identity("gates-ends/" + kind, game.identity_error, 1e-3);
    const causal::GateSets sets = causal::gate_sets(game.values);
    const store::GateSetRow base{
        .image = key.image, .condition = key.condition, .input = static_cast<std::int64_t>(input)};
    const causal::Coalition all = causal::everyone(player.blocks());
    const auto add = [&](std::string_view question, const std::vector<causal::Coalition>& found,
                         const std::function<causal::Coalition(causal::Coalition)>& players) {
      add_sets(question, found, players, player, base, record);
    };
    add("gates-only", sets.gates_only, [](causal::Coalition set) { return set << 1U; });
    add("given-linear-path", sets.given_linear_path, [](causal::Coalition set) { return set << 1U | 1U; });
    add("restoring", sets.restoring, [&](causal::Coalition set) { return (all & ~set) << 1U | 1U; });
  }

  void add_sampled(int pairs, std::uint64_t seed) const {
    const std::string stream = fmt::format("{}/gates={}", analysis.image.sha256, kind);
    const auto shares = player.sample(analysis.inputs[0].pixels, analysis.inputs[input].pixels,
                                      classes_of(analysis), pairs, seed, stream);
    add_shares(shares, player.run(0) - player.run(causal::everyone(player.blocks() + 1)));
  }

 private:
  void add_identity(std::string name, double error, double tolerance) const {
    const std::vector<double>& margins = analysis.response.margins;
    const double scale = std::max({1.0, std::abs(margins[0]), std::abs(margins[input])});
    record.identities.push_back({.image = key.image,
                                 .condition = key.condition,
                                 .identity = std::move(name),
                                 .error = error / scale,
                                 .tolerance = tolerance});
  }

  // fall: m(x) - m(x').
  void add_shares(const causal::SampledShapley& shares, double fall) const {
    double sum = 0;
    for (std::size_t p = 0; p < shares.values.size(); ++p) {
      store::ShapleyRow row{.image = key.image,
                            .condition = key.condition,
                            .input = static_cast<std::int64_t>(input),
                            .player = static_cast<std::int64_t>(p),
                            .value = shares.values[p]};
      sum += shares.values[p];
      if (fall > 0) row.share = -shares.values[p] / fall;
      if (!shares.standard_errors.empty()) row.standard_error = shares.standard_errors[p];
      record.shapley.push_back(row);
    }
    add_identity("shapley-sum/" + kind, std::abs(sum + fall), 1e-5);
  }
};

}  // namespace

std::vector<std::string_view> cause_names() {
  std::vector<std::string_view> names;
  for (const CauseName& each : kCauses) names.push_back(each.name);
  return names;
}

CauseOptions parse_causes(std::string_view text) {
  CauseOptions options;
  if (text == "all") return options;
  for (const CauseName& each : kCauses) options.*each.wanted = false;
  if (text == "none") return options;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    const auto* found = std::ranges::find(kCauses, name, &CauseName::name);
    if (found == std::end(kCauses)) {
      throw Error(ErrorKind::usage, fmt::format("'{}' is no test of causes, expected all, none or some of {}",
                                                name, fmt::join(cause_names(), ",")));
    }
    options.*found->wanted = true;
    if (comma == std::string_view::npos) return options;
    text.remove_prefix(comma + 1);
  }
}

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
    const auto input = first_of(analysis, kind);
    if (!input) continue;
    const GamesOfInput of{*gates_, analysis, *input, kind, key, record};
    if (gates_->blocks() <= causal::GatesPlayer::kMostBlocks) {
      of.add_whole();
    } else {
      of.add_sampled(kOrderPairs, seed_);
    }
  }
}

void CauseTests::add_interventions(const Analysis& analysis, engine::Plan& plan, const RowKey& key,
                                   const RunControl& control, ImageRecord& record) {
  const causal::MarginClasses classes = classes_of(analysis);
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
  const Rows rows = rows_of(analysis);
  const auto pass = plan.forward(rows.images);
  const net::NetworkMap& map = model_.map;
  std::vector<net::NodeId> nodes;
  for (const net::Layer& layer : map.layers) nodes.push_back(layer.post_activation);
  std::map<net::NodeId, DoubleTensor> gradients;
  engine::Seeds seeds = heatmap::margin_score(DoubleTensor(pass->logits().rows(0, 1)),
                                              {.clean_class = classes.clean, .other_class = classes.other});
  seeds.rows = {Rows::kClean};
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
        .run(plan, *pass, rows, node, gradients.at(node), classes, exchange_error);
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
  const int halvings = most_questions(7) - 1;  // all of the channels are exchanged once for every search
  double runs = 0;
  if (options_.dose || options_.direction) runs += fine ? 32 + 3 : 8 + 3;
  if (options_.direction) runs += 3 * most_questions(7 * (fine ? 4 : 1) + 1);
  const auto search = [&](std::int64_t channels) {
    return fine ? 2 * std::log2(static_cast<double>(channels)) : halvings;
  };
  const net::NetworkMap& map = model_.map;
  const std::vector<Shape> shapes = model_.graph.infer_shapes(1);
  double passes = 4;
  for (const net::Layer& layer : map.layers) {
    const double searches = search(shapes[net::at(layer.post_activation)][1]);
    double of_layer = runs;
    if (options_.subset) of_layer += (3 + random_orders(fine)) * searches;
    if (options_.restore) of_layer += 1 + searches;
    passes += of_layer * share_behind(plan, layer.post_activation);
  }
  return passes;
}

}  // namespace faultline::study
