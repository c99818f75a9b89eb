#include "causal/substitution.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "tensor/argmax.h"

namespace faultline::causal {

using engine::Intervention;

Substitution::Substitution(engine::Plan& plan, const engine::Pass& runs, net::NodeId node,
                           const MarginClasses& classes, const ExchangedRows& rows)
    : plan_(plan), runs_(runs), node_(node), classes_(classes), rows_(rows) {
  require(std::min(rows.clean, rows.other) >= 0 && std::max(rows.clean, rows.other) < runs.rows() &&
              rows.clean != rows.other,
          "Substitution: rows of x and x_a");
}

std::vector<Outcome> Substitution::doses(std::span<const double> amounts) {
  std::vector<Intervention> interventions;
  for (const double amount : amounts) {
    require(amount >= 0 && amount <= 1, "Substitution: a dose outside 0 to 1");
    interventions.push_back({.node = node_, .source = &runs_, .source_row = rows_.other, .amount = amount});
  }
  return run(rows_.clean, std::move(interventions));
}

std::vector<Outcome> Substitution::exchanged(std::span<const Channels> sets) {
  return exchange(rows_.clean, rows_.other, sets);
}

std::vector<Outcome> Substitution::restored(std::span<const Channels> sets) {
  return exchange(rows_.other, rows_.clean, sets);
}

const Outcome& Substitution::exchanged_whole() {
  const std::vector<Channels> all = {Channels(static_cast<std::size_t>(channels()), 1)};
  if (!exchanged_whole_) exchanged_whole_ = exchanged(all).front();
  return *exchanged_whole_;
}

const Outcome& Substitution::restored_whole() {
  const std::vector<Channels> all = {Channels(static_cast<std::size_t>(channels()), 1)};
  if (!restored_whole_) restored_whole_ = restored(all).front();
  return *restored_whole_;
}

Outcome Substitution::with_value(DoubleTensor value) {
  std::vector<Intervention> interventions;
  interventions.push_back({.node = node_, .value = std::move(value)});
  return run(rows_.clean, std::move(interventions)).front();
}

std::vector<Outcome> Substitution::exchange(int base_row, int source_row, std::span<const Channels> sets) {
  std::vector<Intervention> interventions;
  for (const Channels& set : sets) {
    require(std::ssize(set) == channels(), "Substitution: a set of other channels");
    interventions.push_back({.node = node_, .source = &runs_, .source_row = source_row, .channels = set});
  }
  return run(base_row, std::move(interventions));
}

// One row for each intervention, each of a run of its own.
std::vector<Outcome> Substitution::run(int base_row, std::vector<Intervention> interventions) {
  if (interventions.empty()) return {};
  for (std::size_t i = 0; i < interventions.size(); ++i) interventions[i].row = static_cast<int>(i);
  const std::vector<int> rows(interventions.size(), base_row);
  const auto pass = plan_.resume(runs_, node_, rows, interventions);
  std::vector<Outcome> outcomes;
  for (int row = 0; row < pass->rows(); ++row) {
    const auto z = pass->logits().row(row).values();
    outcomes.push_back({.margin = margin(z, classes_), .predicted = argmax(z)});
  }
  return outcomes;
}

std::int64_t Substitution::channels() const {
  return runs_.observe(node_).sample_shape()[0];
}

std::vector<double> Substitution::channel_distances() const {
  const DoubleTensor clean = clean_value();
  const DoubleTensor other = other_value();
  const std::int64_t positions = clean.elements() / clean.shape()[0];
  std::vector<double> distances;
  for (std::int64_t c = 0; c < clean.shape()[0]; ++c) {
    double squares = 0;
    for (std::int64_t i = c * positions; i < (c + 1) * positions; ++i)
      squares += (other[i] - clean[i]) * (other[i] - clean[i]);
    distances.push_back(std::sqrt(squares));
  }
  return distances;
}

}  // namespace faultline::causal
