#include "engine/executor/pass.h"

#include "base/error.h"

namespace faultline::engine {

template <class S>
ExecutorPass<S>::ExecutorPass(const Machine<S>& owner, int rows)
    : machine(&owner),
      nodes(at(owner.graph.size())),
      reachable(at(owner.graph.size()), true),
      rows_(rows),
      observations_(at(owner.graph.size())) {
  require(rows > 0, "a pass needs at least one row");
  nodes[at(owner.graph.input())].values.resize(at(rows));
  nodes[at(owner.graph.input())].computed.resize(at(rows));
  for (const Step<S>& step : owner.program.steps) {
    nodes[at(step.node)].values.resize(at(rows));
    nodes[at(step.node)].computed.resize(at(rows));
    if (step.kernel->winners_per_row() > 0) nodes[at(step.node)].winners.resize(at(rows));
  }
}

template <class S>
const RowsObservation<S>& ExecutorPass<S>::observe(net::NodeId node) const {
  require(node >= 0 && node < machine->graph.size() && machine->observed[at(node)],
          "Pass::observe: the plan was not compiled to observe this node");
  return *observations_[at(node)];
}

template <class S>
void ExecutorPass<S>::finish() {
  for (net::NodeId node = 0; node < machine->graph.size(); ++node) {
    if (!machine->observed[at(node)]) continue;
    observations_[at(node)] = std::make_unique<RowsObservation<S>>(
        node, machine->sample_shape(node),
        BoundRows<S>{machine->layout(node), nodes[at(node)].values, {}, {}});
  }
  const net::NodeId output = machine->graph.output();
  const Layout& layout = machine->layout(output);
  logits_ = DoubleTensor(Shape{rows_, layout.channels});
  for (int r = 0; r < rows_; ++r) {
    for (std::int64_t k = 0; k < layout.channels; ++k)
      logits_[r * layout.channels + k] = double{nodes[at(output)].values[at(r)][layout.offset(k, 0)]};
  }
}

template <class S>
const ExecutorPass<S>& own_pass(const Machine<S>& machine, const Pass& pass) {
  const auto* own = dynamic_cast<const ExecutorPass<S>*>(&pass);
  require(own != nullptr && own->machine == &machine, "the pass was made by another plan");
  return *own;
}

template class ExecutorPass<float>;
template class ExecutorPass<double>;
template const ExecutorPass<float>& own_pass(const Machine<float>&, const Pass&);
template const ExecutorPass<double>& own_pass(const Machine<double>&, const Pass&);

}  // namespace faultline::engine
