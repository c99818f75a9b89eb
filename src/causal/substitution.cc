#include "causal/substitution.h"

#include <cmath>

#include "base/error.h"
#include "tensor/argmax.h"

namespace faultline::causal {

using engine::Intervention;
using engine::InterventionKind;

Substitution::Substitution(engine::Plan& plan, const engine::Pass& runs, net::NodeId node,
                           const MarginClasses& classes)
    : plan_(plan), runs_(runs), node_(node), classes_(classes) {
  require(runs.rows() == 2, "Substitution: a pass of two rows, x and x_a");
}

std::vector<Outcome> Substitution::doses(std::span<const double> amounts) {
  std::vector<Intervention> interventions;
  for (const double amount : amounts) {
    require(amount >= 0 && amount <= 1, "Substitution: a dose outside 0 to 1");
    interventions.push_back({.node = node_, .source = &runs_, .source_row = 1, .amount = amount});
  }
  return run(0, std::move(interventions));
}

std::vector<Outcome> Substitution::exchanged(std::span<const Channels> sets) {
  return exchange(0, sets);
}

std::vector<Outcome> Substitution::restored(std::span<const Channels> sets) {
  return exchange(1, sets);
}

std::vector<Outcome> Substitution::exchange(int base_row, std::span<const Channels> sets) {
  std::vector<Intervention> interventions;
  for (const Channels& set : sets) {
    require(std::ssize(set) == channels(), "Substitution: a set of other channels");
    interventions.push_back({.node = node_, .source = &runs_, .source_row = 1 - base_row, .channels = set});
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
  const engine::Observation& value = runs_.observe(node_);
  const DoubleTensor clean = value.read(0);
  const DoubleTensor other = value.read(1);
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
