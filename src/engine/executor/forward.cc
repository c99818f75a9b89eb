#include "engine/executor/forward.h"

#include <algorithm>

#include "base/error.h"
#include "engine/executor/step_timer.h"

namespace faultline::engine {

template <class S>
void ForwardRun<S>::load(TensorView images) {
  const net::NodeId input = machine_.graph.input();
  const std::int64_t elements = machine_.layout(input).row_elements();
  for (int r = 0; r < pass_.rows(); ++r) {
    pass_.buffers.push_back(machine_.pool.template lease<S>(elements));
    S* row = pass_.buffers.back().template as<S>();
    std::copy_n(images.data() + r * elements, elements, row);
    pass_.nodes[at(input)].values[at(r)] = row;
    pass_.nodes[at(input)].computed[at(r)] = row;
  }
}

template <class S>
void ForwardRun<S>::run() {
  const net::NodeId input = machine_.graph.input();
  differs_.assign(at(machine_.graph.size()) * at(pass_.rows()), base_ == nullptr ? 1 : 0);
  computed_.assign(at(pass_.rows()), base_ == nullptr ? 1 : 0);
  for (int r = 0; base_ != nullptr && r < pass_.rows(); ++r) take_from_base(input, r);
  apply_changes(input);
  for (Step<S>& step : machine_.program.steps) run_step(step);
}

template <class S>
void ForwardRun<S>::take_from_base(net::NodeId node, int row) {
  const NodeRows<S>& from = base_->nodes[at(node)];
  const std::size_t base_row = at(base_rows_[at(row)]);
  NodeRows<S>& to = pass_.nodes[at(node)];
  to.values[at(row)] = from.values[base_row];
  to.computed[at(row)] = from.computed[base_row];
  if (!to.winners.empty()) to.winners[at(row)] = from.winners[base_row];
}

template <class S>
bool ForwardRun<S>::newly_frozen(net::NodeId node, int row) const {
  return !(pass_.changes.recording(node, row) == base_->changes.recording(node, base_rows_[at(row)]));
}

template <class S>
bool ForwardRun<S>::must_compute(const Step<S>& step, int row) const {
  if (base_ == nullptr || newly_frozen(step.node, row)) return true;
  return std::any_of(step.inputs.begin(), step.inputs.end(),
                     [&](net::NodeId input) { return differs_[index(input, row)] != 0; });
}

template <class S>
void ForwardRun<S>::run_step(Step<S>& step) {
  const StepTimer timer(step.forward_s);
  std::vector<int> normal;
  std::vector<int> frozen;
  for (int r = 0; r < pass_.rows(); ++r) {
    const bool compute_row = must_compute(step, r);
    computed_[at(r)] = compute_row ? 1 : 0;
    differs(step.node, r) = compute_row ? 1 : 0;
    if (!compute_row) {
      take_from_base(step.node, r);
    } else if (pass_.changes.recording(step.node, r).pass != nullptr) {
      frozen.push_back(r);
    } else {
      normal.push_back(r);
    }
  }
  if (!normal.empty()) compute(step, normal);
  if (!frozen.empty()) compute_tangent(step, frozen);
  machine_.multiply_adds +=
      step.kernel->multiply_adds() * static_cast<std::int64_t>(normal.size() + frozen.size());
  apply_changes(step.node);
}

template <class S>
void ForwardRun<S>::gather_inputs(const Step<S>& step, const std::vector<int>& rows) {
  inputs_.resize(step.inputs.size());
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    inputs_[i].clear();
    for (const int r : rows) inputs_[i].push_back(pass_.nodes[at(step.inputs[i])].values[at(r)]);
  }
}

template <class S>
void ForwardRun<S>::lease_outputs(const Step<S>& step, const std::vector<int>& rows) {
  NodeRows<S>& node = pass_.nodes[at(step.node)];
  outputs_.clear();
  for (const int r : rows) {
    pass_.buffers.push_back(machine_.pool.template lease<S>(machine_.layout(step.node).row_elements()));
    outputs_.push_back(pass_.buffers.back().template as<S>());
    node.values[at(r)] = outputs_.back();
    node.computed[at(r)] = outputs_.back();
  }
}

template <class S>
void ForwardRun<S>::compute(const Step<S>& step, const std::vector<int>& rows) {
  gather_inputs(step, rows);
  lease_outputs(step, rows);
  winners_.clear();
  const std::int64_t winners_per_row = step.kernel->winners_per_row();
  for (const int r : rows) {
    if (winners_per_row == 0) break;
    pass_.buffers.push_back(machine_.pool.template lease<std::int32_t>(winners_per_row));
    winners_.push_back(pass_.buffers.back().template as<std::int32_t>());
    pass_.nodes[at(step.node)].winners[at(r)] = winners_.back();
  }
  step.kernel->forward({inputs_, outputs_, winners_});
}

template <class S>
void ForwardRun<S>::compute_tangent(const Step<S>& step, const std::vector<int>& rows) {
  gather_inputs(step, rows);
  lease_outputs(step, rows);
  std::vector<std::vector<const S*>> recorded_inputs(step.inputs.size());
  std::vector<const S*> recorded_outputs;
  std::vector<const std::int32_t*> recorded_winners;
  for (const int r : rows) {
    const Recording<S> recording = pass_.changes.recording(step.node, r);
    const auto& nodes = recording.pass->nodes;
    for (std::size_t i = 0; i < step.inputs.size(); ++i)
      recorded_inputs[i].push_back(nodes[at(step.inputs[i])].values[at(recording.row)]);
    recorded_outputs.push_back(nodes[at(step.node)].computed[at(recording.row)]);
    if (step.kernel->winners_per_row() > 0)
      recorded_winners.push_back(nodes[at(step.node)].winners[at(recording.row)]);
  }
  step.kernel->tangent({inputs_, recorded_inputs, recorded_outputs, recorded_winners, outputs_});
}

// A row that was computed gets all of its changes; one taken from the base has the base's already.
template <class S>
void ForwardRun<S>::apply_changes(net::NodeId node) {
  std::vector<S*> copies(at(pass_.rows()), nullptr);
  for (const Change<S>& change : pass_.changes.by_node[at(node)]) {
    if (change.inherited && computed_[at(change.row)] == 0) continue;
    S*& row = copies[at(change.row)];
    if (row == nullptr) row = own_copy(node, change.row);
    apply(machine_.layout(node), change, row);
    differs(node, change.row) = 1;
  }
}

// The kernel's result stays as it is, for its backward.
template <class S>
S* ForwardRun<S>::own_copy(net::NodeId node, int row) {
  const std::int64_t elements = machine_.layout(node).row_elements();
  pass_.buffers.push_back(machine_.pool.template lease<S>(elements));
  S* copy = pass_.buffers.back().template as<S>();
  std::copy_n(pass_.nodes[at(node)].values[at(row)], elements, copy);
  pass_.nodes[at(node)].values[at(row)] = copy;
  return copy;
}

template class ForwardRun<float>;
template class ForwardRun<double>;

}  // namespace faultline::engine
