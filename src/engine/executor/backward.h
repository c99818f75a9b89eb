#pragma once

#include <span>

#include "engine/executor/pass.h"
#include "engine/executor/rules.h"

namespace faultline::engine {

// Plan::backward on the executor's passes: from the seeds' node towards the earliest point, each node once,
// when its gradient is complete; a gradient goes back to the pool as soon as it has been handed on.
template <class S>
class BackwardSweep {
 public:
  // Throws ContractError if the seeds or rules do not fit the pass.
  BackwardSweep(Machine<S>& machine, const ExecutorPass<S>& pass, const Seeds& seeds,
                std::span<const GradientRule> rules);
  // Throws ContractError if a point is not observed or lies upstream of a resumed pass, or the image gradient
  // has another shape than [R, sample].
  void run(std::span<const net::NodeId> points, const GradientVisitor& visit,
           MutableTensorView image_gradient);

 private:
  void find_way(std::span<const net::NodeId> points, bool to_image);
  void write_seeds(const DoubleTensor& gradients);
  void visit_point(net::NodeId node, const GradientVisitor& visit);
  void propagate(Step<S>& step);
  void propagate_to(const Step<S>& step, std::size_t input);
  void gather_saved(const Step<S>& step);
  void undo_changes(net::NodeId node);
  void write_image_gradient(MutableTensorView image_gradient);
  LeasedRows<S>& gradient(net::NodeId node);
  LeasedRows<S> lease_rows();

  Machine<S>& machine_;
  const ExecutorPass<S>& pass_;
  Rules<S> rules_;
  net::NodeId from_;  // whose value the seeds are functions of
  std::vector<int> seed_rows_;
  NodeSet is_point_ = {};
  NodeSet on_way_ = {};  // nodes between a wanted gradient and the seeds' node
  std::vector<LeasedRows<S>> gradients_;
  std::vector<std::vector<const S*>> saved_inputs_ = {};
  std::vector<const S*> saved_outputs_ = {};
  std::vector<const std::int32_t*> saved_winners_ = {};
};

}  // namespace faultline::engine
