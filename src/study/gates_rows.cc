#include "study/gates_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "causal/gate_sets.h"
#include "causal/shapley.h"
#include "study/analysis_inputs.h"

namespace faultline::study {

namespace {

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

}  // namespace

GatesRows::GatesRows(causal::GatesPlayer& player, const Analysis& analysis, std::size_t input,
                     std::string kind, const RowKey& key, ImageRecord& record)
    : player_(player),
      analysis_(analysis),
      input_(input),
      kind_(std::move(kind)),
      key_(key),
      record_(record) {}

void GatesRows::add_whole() {
  const causal::GatesGame game =
      player_.play(analysis_.inputs[0].pixels, analysis_.inputs[input_].pixels, margin_classes(analysis_));
  record_.gates_runs.push_back({.image = key_.image,
                                .condition = key_.condition,
                                .input = static_cast<std::int64_t>(input_),
                                .values = game.values,
                                .identity_error = game.identity_error});
  add_shares({.values = causal::shapley_values(game.values), .standard_errors = {}},
             game.values.front() - game.values.back());
  add_identity("gates-ends/" + kind_, game.identity_error, 1e-3);
  const causal::GateSets sets = causal::gate_sets(game.values);
  const store::GateSetRow base{
      .image = key_.image, .condition = key_.condition, .input = static_cast<std::int64_t>(input_)};
  const causal::Coalition all = causal::everyone(player_.blocks());
  const auto add = [&](std::string_view question, const std::vector<causal::Coalition>& found,
                       const std::function<causal::Coalition(causal::Coalition)>& players) {
    add_sets(question, found, players, player_, base, record_);
  };
  add("gates-only", sets.gates_only, [](causal::Coalition set) { return set << 1U; });
  add("given-linear-path", sets.given_linear_path, [](causal::Coalition set) { return set << 1U | 1U; });
  add("restoring", sets.restoring, [&](causal::Coalition set) { return (all & ~set) << 1U | 1U; });
}

void GatesRows::add_sampled(std::uint64_t seed) {
  const std::string stream = fmt::format("{}/gates={}", analysis_.image.sha256, kind_);
  const auto shares = player_.sample(analysis_.inputs[0].pixels, analysis_.inputs[input_].pixels,
                                     margin_classes(analysis_), kOrderPairs, seed, stream);
  add_shares(shares, player_.run(0) - player_.run(causal::everyone(player_.blocks() + 1)));
}

void GatesRows::add_identity(const std::string& name, double error, double tolerance) {
  const std::vector<double>& margins = analysis_.response.margins;
  const double scale = std::max({1.0, std::abs(margins[0]), std::abs(margins[input_])});
  record_.identities.push_back({.image = key_.image,
                                .condition = key_.condition,
                                .identity = name,
                                .error = error / scale,
                                .tolerance = tolerance});
}

// fall: m(x) - m(x').
void GatesRows::add_shares(const causal::SampledShapley& shares, double fall) {
  double sum = 0;
  for (std::size_t p = 0; p < shares.values.size(); ++p) {
    store::ShapleyRow row{.image = key_.image,
                          .condition = key_.condition,
                          .input = static_cast<std::int64_t>(input_),
                          .player = static_cast<std::int64_t>(p),
                          .value = shares.values[p]};
    sum += shares.values[p];
    if (fall > 0) row.share = -shares.values[p] / fall;
    if (!shares.standard_errors.empty()) row.standard_error = shares.standard_errors[p];
    record_.shapley.push_back(row);
  }
  add_identity("shapley-sum/" + kind_, std::abs(sum + fall), 1e-5);
}

}  // namespace faultline::study
