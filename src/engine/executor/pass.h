#pragma once

#include <memory>
#include <vector>

#include "engine/executor/changes.h"
#include "engine/executor/machine.h"
#include "engine/executor/rows_observation.h"

namespace faultline::engine {

// One node's value in a pass: pointers to its rows, which may belong to another pass.
template <class S>
struct NodeRows {
  std::vector<const S*> values;    // after interventions: what consumers and observations see
  std::vector<const S*> computed;  // what the kernel gave: what its backward needs
  std::vector<const std::int32_t*> winners;
};

template <class S>
class ExecutorPass final : public Pass {
 public:
  // Node values are filled in by a forward run, which then calls finish().
  ExecutorPass(const Machine<S>& machine, int rows);

  int rows() const override { return rows_; }
  const DoubleTensor& logits() const override { return logits_; }
  const RowsObservation<S>& observe(net::NodeId node) const override;
  void finish();

  const Machine<S>* machine;
  std::vector<NodeRows<S>> nodes;
  std::vector<Buffer> buffers;
  Changes<S> changes;
  // The nodes that a resumed pass may be differentiated at; all in a full pass.
  NodeSet reachable;

 private:
  int rows_;
  DoubleTensor logits_;
  std::vector<std::unique_ptr<RowsObservation<S>>> observations_;
};

// The pass as its own type. Throws ContractError unless it was made by this plan.
template <class S>
const ExecutorPass<S>& own_pass(const Machine<S>& machine, const Pass& pass);

}  // namespace faultline::engine
