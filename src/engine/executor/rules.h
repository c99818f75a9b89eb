#pragma once

#include <map>
#include <span>
#include <vector>

#include "engine/executor/pass.h"
#include "engine/gradient_rule.h"

namespace faultline::engine {

// The gradient rules of one backward sweep.
template <class S>
class Rules {
 public:
  // Throws ContractError for a node that has no value of its own, or an `other` of another shape.
  Rules(Machine<S>& machine, const ExecutorPass<S>& pass, std::span<const GradientRule> rules);

  // Applies those of the node to its gradient rows, row i of which belongs to row seed_rows[i] of the pass.
  // In reverse topological order of the nodes.
  void apply(net::NodeId node, std::span<const int> seed_rows, const LeasedRows<S>& gradient);

 private:
  void apply_one(const GradientRule& rule, std::span<const int> seed_rows, const LeasedRows<S>& gradient);
  void keep(net::NodeId node, const LeasedRows<S>& gradient);

  Machine<S>& machine_;
  const ExecutorPass<S>& pass_;
  std::map<net::NodeId, std::vector<GradientRule>> by_node_ = {};
  std::map<net::NodeId, LeasedRows<S>> followed_ = {};  // what went on from nodes that others follow
};

}  // namespace faultline::engine
