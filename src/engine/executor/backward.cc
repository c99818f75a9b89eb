#include "engine/executor/backward.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/parallel.h"
#include "engine/executor/step_timer.h"

namespace faultline::engine {

template <class S>
BackwardSweep<S>::BackwardSweep(Machine<S>& machine, const ExecutorPass<S>& pass, const Seeds& seeds,
                                std::span<const GradientRule> rules)
    : machine_(machine),
      pass_(pass),
      rules_(machine, pass, rules),
      from_(seeds.node < 0 ? machine.graph.output() : seeds.node),
      seed_rows_(seeds.rows),
      gradients_(at(machine.graph.size())) {
  require(from_ < machine.graph.size() && (seeds.node < 0 || machine.observed[at(from_)]),
          "Seeds: the plan was not compiled to observe the node");
  const Shape& shape = seeds.logit_gradients.shape();
  require(shape.rank() == 2 && shape[0] > 0 && shape[1] == machine.sample_shape(from_).elements(),
          "Seeds: gradients need the shape [R,K], R > 0, K the elements of a row's value");
  if (seed_rows_.empty()) {
    seed_rows_.resize(static_cast<std::size_t>(shape[0]));
    std::iota(seed_rows_.begin(), seed_rows_.end(), 0);
  }
  require(static_cast<std::int64_t>(seed_rows_.size()) == shape[0], "Seeds: one row for each seed");
  require(std::all_of(seed_rows_.begin(), seed_rows_.end(),
                      [&](int row) { return row >= 0 && row < pass.rows(); }),
          "Seeds: no such row in the pass");
  write_seeds(seeds.logit_gradients);
}

template <class S>
void BackwardSweep<S>::run(std::span<const net::NodeId> points, const GradientVisitor& visit,
                           MutableTensorView image_gradient) {
  const net::NodeId input = machine_.graph.input();
  const bool to_image = image_gradient.elements() > 0;
  require(!to_image || image_gradient.shape() == machine_.sample_shape(input).stacked(std::ssize(seed_rows_)),
          "Plan::backward: the image gradient needs the shape of the seeds' images");
  find_way(points, to_image);
  for (auto step = machine_.program.steps.rbegin(); step != machine_.program.steps.rend(); ++step) {
    if (is_point_[at(step->node)]) visit_point(step->node, visit);
    if (on_way_[at(step->node)]) propagate(*step);
    gradients_[at(step->node)] = {};
  }
  if (is_point_[at(input)]) visit_point(input, visit);
  if (to_image) write_image_gradient(image_gradient);
}

template <class S>
void BackwardSweep<S>::find_way(std::span<const net::NodeId> points, bool to_image) {
  std::vector<net::NodeId> wanted(points.begin(), points.end());
  if (to_image) wanted.push_back(machine_.graph.input());
  is_point_.assign(at(machine_.graph.size()), false);
  for (const net::NodeId node : wanted) {
    require(node >= 0 && node < machine_.graph.size() && machine_.observed[at(node)],
            "Plan::backward: the plan was not compiled to observe a point");
    require(pass_.reachable[at(node)],
            "Plan::backward: a point or the image lies upstream of a resumed pass");
  }
  for (const net::NodeId node : points) is_point_[at(node)] = true;
  on_way_ = descendants(machine_.graph, wanted);
  const NodeSet to_seeds = ancestors(machine_.graph, from_);
  for (std::size_t i = 0; i < on_way_.size(); ++i) on_way_[i] = on_way_[i] && to_seeds[i];
}

template <class S>
void BackwardSweep<S>::write_seeds(const DoubleTensor& gradients) {
  const Layout& layout = machine_.layout(from_);
  LeasedRows<S>& rows = gradient(from_);
  for (std::size_t i = 0; i < seed_rows_.size(); ++i) {
    const double* plain = gradients.row(static_cast<std::int64_t>(i)).data();
    for (std::int64_t c = 0; c < layout.channels; ++c) {
      for (std::int64_t p = 0; p < layout.positions; ++p)
        rows.rows[i][layout.offset(c, p)] = static_cast<S>(plain[c * layout.positions + p]);
    }
  }
}

// All gradients take buffers of the largest value's size, of which they touch what they need: a sweep, which
// goes from small maps to large ones, then makes do with as many buffers as gradients live at a time.
template <class S>
LeasedRows<S> BackwardSweep<S>::lease_rows() {
  return {machine_.pool, seed_rows_.size(), machine_.largest_row()};
}

// The node's gradient; zero if nothing has arrived there.
template <class S>
LeasedRows<S>& BackwardSweep<S>::gradient(net::NodeId node) {
  LeasedRows<S>& rows = gradients_[at(node)];
  if (rows.empty()) {
    const std::int64_t elements = machine_.layout(node).row_elements();
    rows = lease_rows();
    for (S* row : rows.rows) std::fill_n(row, elements, S{});
  }
  return rows;
}

template <class S>
void BackwardSweep<S>::visit_point(net::NodeId node, const GradientVisitor& visit) {
  const std::vector<const S*> rows(gradient(node).rows.begin(), gradient(node).rows.end());
  visit(RowsObservation<S>(
      node, machine_.sample_shape(node),
      BoundRows<S>{machine_.layout(node), pass_.nodes[at(node)].values, rows, seed_rows_}));
}

template <class S>
void BackwardSweep<S>::propagate(Step<S>& step) {
  const StepTimer timer(step.backward_s);
  undo_changes(step.node);
  rules_.apply(step.node, seed_rows_, gradient(step.node));
  gather_saved(step);
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    if (on_way_[at(step.inputs[i])]) propagate_to(step, i);
  }
}

// From the value after interventions to what the kernel computed.
template <class S>
void BackwardSweep<S>::undo_changes(net::NodeId node) {
  for (const Change<S>& change : pass_.changes.by_node[at(node)]) {
    for (std::size_t i = 0; i < seed_rows_.size(); ++i) {
      if (seed_rows_[i] == change.row) apply_adjoint(machine_.layout(node), change, gradient(node).rows[i]);
    }
  }
}

// Of a frozen row, what its recording saved: backward through the tangent is backward at the recording.
template <class S>
void BackwardSweep<S>::gather_saved(const Step<S>& step) {
  saved_inputs_.assign(step.inputs.size(), {});
  saved_outputs_.clear();
  saved_winners_.clear();
  for (const int seed_row : seed_rows_) {
    const Recording<S> recording = pass_.changes.recording(step.node, seed_row);
    const ExecutorPass<S>& pass = recording.pass != nullptr ? *recording.pass : pass_;
    const std::size_t row = at(recording.pass != nullptr ? recording.row : seed_row);
    for (std::size_t i = 0; i < step.inputs.size(); ++i)
      saved_inputs_[i].push_back(pass.nodes[at(step.inputs[i])].values[row]);
    const NodeRows<S>& node = pass.nodes[at(step.node)];
    saved_outputs_.push_back(node.computed[row]);
    if (!node.winners.empty()) saved_winners_.push_back(node.winners[row]);
  }
}

template <class S>
void BackwardSweep<S>::propagate_to(const Step<S>& step, std::size_t input) {
  const net::NodeId target = step.inputs[input];
  const std::int64_t elements = machine_.layout(target).row_elements();
  LeasedRows<S> rows = lease_rows();
  const LeasedRows<S>& from = gradient(step.node);
  const std::vector<const S*> output_gradients(from.rows.begin(), from.rows.end());
  step.kernel->backward({saved_inputs_, saved_outputs_, saved_winners_, output_gradients, input, rows.rows});
  machine_.multiply_adds += step.kernel->multiply_adds() * static_cast<std::int64_t>(seed_rows_.size());
  LeasedRows<S>& total = gradients_[at(target)];
  if (total.empty()) {
    total = std::move(rows);
    return;
  }
  parallel_for(static_cast<std::int64_t>(rows.rows.size()), [&](std::int64_t i) {
    const auto r = static_cast<std::size_t>(i);
    for (std::int64_t e = 0; e < elements; ++e) total.rows[r][e] += rows.rows[r][e];
  });
}

template <class S>
void BackwardSweep<S>::write_image_gradient(MutableTensorView image_gradient) {
  const net::NodeId input = machine_.graph.input();
  undo_changes(input);
  const std::int64_t elements = machine_.layout(input).row_elements();
  for (std::size_t i = 0; i < seed_rows_.size(); ++i) {
    const S* row = gradient(input).rows[i];
    std::transform(row, row + elements, image_gradient.data() + static_cast<std::int64_t>(i) * elements,
                   [](S value) { return static_cast<float>(value); });
  }
}

template class BackwardSweep<float>;
template class BackwardSweep<double>;

}  // namespace faultline::engine
