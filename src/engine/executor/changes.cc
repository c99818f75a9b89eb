#include "engine/executor/changes.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "engine/executor/pass.h"

namespace faultline::engine {

namespace {

template <class S>
void check(const Machine<S>& machine, int rows, const Intervention& intervention) {
  const net::NodeId node = intervention.node;
  require(node >= 0 && node < machine.graph.size(), "Intervention: no such node");
  require(intervention.row >= 0 && intervention.row < rows, "Intervention: no such row");
  if (intervention.source != nullptr) {
    const int source_rows = own_pass(machine, *intervention.source).rows();
    require(intervention.source_row >= 0 && intervention.source_row < source_rows,
            "Intervention: no such row in the source");
  }
  if (intervention.kind == InterventionKind::freeze) {
    require(machine.freezable, "Intervention: the plan was not compiled to be freezable");
    require(intervention.source != nullptr, "Intervention: freeze needs a source");
    require(intervention.channels.empty(), "Intervention: freeze takes no channel mask");
    return;
  }
  require(machine.observed[at(node)], "Intervention: the plan was not compiled to observe this node");
  require(std::isfinite(intervention.amount), "Intervention: the amount is not finite");
  require(intervention.channels.empty() ||
              static_cast<std::int64_t>(intervention.channels.size()) == machine.layout(node).channels,
          "Intervention: the channel mask needs one entry for each channel");
  require(intervention.source != nullptr || intervention.value.shape() == machine.sample_shape(node),
          "Intervention: the value needs the shape of the node's sample");
}

// A plain row-major sample in the node's layout.
template <class S>
Buffer in_layout(Machine<S>& machine, net::NodeId node, const DoubleTensor& sample) {
  const Layout& layout = machine.layout(node);
  Buffer buffer = machine.pool.template lease<S>(layout.row_elements());
  S* row = buffer.template as<S>();
  std::fill_n(row, layout.row_elements(), S{});
  for (std::int64_t c = 0; c < layout.channels; ++c) {
    for (std::int64_t p = 0; p < layout.positions; ++p)
      row[layout.offset(c, p)] = static_cast<S>(sample[c * layout.positions + p]);
  }
  return buffer;
}

template <class S>
void inherit(Changes<S>& changes, int rows, const ExecutorPass<S>& base, std::span<const int> base_rows) {
  for (std::size_t node = 0; node < changes.by_node.size(); ++node) {
    const auto& recordings = base.changes.recordings[node];
    if (!recordings.empty()) changes.recordings[node].resize(at(rows));
    for (int r = 0; r < rows; ++r) {
      if (!recordings.empty()) changes.recordings[node][at(r)] = recordings[at(base_rows[at(r)])];
      for (Change<S> change : base.changes.by_node[node]) {
        if (change.row != base_rows[at(r)]) continue;
        change.row = r;
        change.inherited = true;
        changes.by_node[node].push_back(std::move(change));
      }
    }
  }
}

template <class S>
void freeze(Changes<S>& changes, int rows, const Intervention& intervention, const ExecutorPass<S>& source) {
  auto& recordings = changes.recordings[at(intervention.node)];
  recordings.resize(at(rows));
  const Recording<S> original = source.changes.recording(intervention.node, intervention.source_row);
  recordings[at(intervention.row)] =
      original.pass != nullptr ? original : Recording<S>{&source, intervention.source_row};
}

// Calls body(i) for the element indices of the masked channels; for all, padding too, without a mask.
template <class Body>
void for_each_masked(const Layout& layout, const std::vector<std::uint8_t>& channels, const Body& body) {
  if (channels.empty()) {
    for (std::int64_t i = 0; i < layout.row_elements(); ++i) body(i);
    return;
  }
  for (std::int64_t c = 0; c < layout.channels; ++c) {
    if (channels[static_cast<std::size_t>(c)] == 0) continue;
    for (std::int64_t p = 0; p < layout.positions; ++p) body(layout.offset(c, p));
  }
}

}  // namespace

template <class S>
Changes<S> resolve(Machine<S>& machine, int rows, std::span<const Intervention> interventions,
                   const ExecutorPass<S>* base, std::span<const int> base_rows) {
  Changes<S> changes;
  changes.by_node.resize(at(machine.graph.size()));
  changes.recordings.resize(at(machine.graph.size()));
  if (base != nullptr) inherit(changes, rows, *base, base_rows);
  for (const Intervention& intervention : interventions) {
    check(machine, rows, intervention);
    const net::NodeId node = intervention.node;
    const ExecutorPass<S>* source =
        intervention.source != nullptr ? &own_pass(machine, *intervention.source) : nullptr;
    if (intervention.kind == InterventionKind::freeze) {
      if (machine.non_affine[at(node)]) freeze(changes, rows, intervention, *source);
      continue;
    }
    if (source == nullptr) changes.values.push_back(in_layout(machine, node, intervention.value));
    changes.by_node[at(node)].push_back(
        {intervention.row, intervention.kind, static_cast<S>(intervention.amount),
         source != nullptr ? source->nodes[at(node)].values[at(intervention.source_row)]
                           : changes.values.back().template as<S>(),
         intervention.channels});
  }
  return changes;
}

template <class S>
void apply(const Layout& layout, const Change<S>& change, S* row) {
  const S amount = change.amount;
  const S* value = change.value;
  if (change.kind == InterventionKind::add) {
    for_each_masked(layout, change.channels, [&](std::int64_t i) { row[i] += amount * value[i]; });
  } else if (amount == S{1}) {  // a replaced value leaves no trace, were it infinite
    for_each_masked(layout, change.channels, [&](std::int64_t i) { row[i] = value[i]; });
  } else {
    for_each_masked(layout, change.channels,
                    [&](std::int64_t i) { row[i] = (S{1} - amount) * row[i] + amount * value[i]; });
  }
}

template <class S>
void apply_adjoint(const Layout& layout, const Change<S>& change, S* gradient) {
  if (change.kind == InterventionKind::add) return;
  const S kept = S{1} - change.amount;
  for_each_masked(layout, change.channels, [&](std::int64_t i) { gradient[i] *= kept; });
}

#define FAULTLINE_INSTANTIATE_CHANGES(S)                                                               \
  template Changes<S> resolve(Machine<S>&, int, std::span<const Intervention>, const ExecutorPass<S>*, \
                              std::span<const int>);                                                   \
  template void apply(const Layout&, const Change<S>&, S*);                                            \
  template void apply_adjoint(const Layout&, const Change<S>&, S*)
FAULTLINE_INSTANTIATE_CHANGES(float);
FAULTLINE_INSTANTIATE_CHANGES(double);

}  // namespace faultline::engine
