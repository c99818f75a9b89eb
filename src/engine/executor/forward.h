#pragma once

#include <span>

#include "engine/executor/pass.h"

namespace faultline::engine {

// Fills a pass, whose changes are set, by running the steps in order.
//   Full run: load(images), then run(). Resumed run: constructed with the base and the base row of each row;
//   a row of a node is computed again only if it has a new intervention there that changes what is computed,
//   or one of the step's inputs differs from the base's. All other rows point into the base.
template <class S>
class ForwardRun {
 public:
  ForwardRun(Machine<S>& machine, ExecutorPass<S>& pass) : machine_(machine), pass_(pass) {}
  ForwardRun(Machine<S>& machine, ExecutorPass<S>& pass, const ExecutorPass<S>& base,
             std::span<const int> base_rows)
      : machine_(machine), pass_(pass), base_(&base), base_rows_(base_rows) {}

  void load(TensorView images);
  void run();

 private:
  void take_from_base(net::NodeId node, int row);
  bool must_compute(const Step<S>& step, int row) const;
  bool newly_frozen(net::NodeId node, int row) const;
  void run_step(Step<S>& step);
  void gather_inputs(const Step<S>& step, const std::vector<int>& rows);
  void lease_outputs(const Step<S>& step, const std::vector<int>& rows);
  void compute(const Step<S>& step, const std::vector<int>& rows);
  void compute_tangent(const Step<S>& step, const std::vector<int>& rows);
  void apply_changes(net::NodeId node);
  S* own_copy(net::NodeId node, int row);
  std::uint8_t& differs(net::NodeId node, int row) { return differs_[index(node, row)]; }
  std::size_t index(net::NodeId node, int row) const { return at(node) * at(pass_.rows()) + at(row); }

  Machine<S>& machine_;
  ExecutorPass<S>& pass_;
  const ExecutorPass<S>* base_ = nullptr;
  std::span<const int> base_rows_ = {};
  std::vector<std::uint8_t> differs_ = {};   // [nodes, rows]: whether the value is not the base's
  std::vector<std::uint8_t> computed_ = {};  // [rows] of the present node
  std::vector<std::vector<const S*>> inputs_ = {};
  std::vector<S*> outputs_ = {};
  std::vector<std::int32_t*> winners_ = {};
};

}  // namespace faultline::engine
