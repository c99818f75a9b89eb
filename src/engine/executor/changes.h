#pragma once

#include <span>
#include <vector>

#include "engine/executor/buffer_pool.h"
#include "engine/executor/machine.h"
#include "engine/intervention.h"
#include "engine/kernel.h"

namespace faultline::engine {

template <class S>
class ExecutorPass;

// A blend or add, ready to be applied to a row in its node's layout.
template <class S>
struct Change {
  int row = 0;
  InterventionKind kind = InterventionKind::blend;
  S amount = 1;
  const S* value = nullptr;
  std::vector<std::uint8_t> channels = {};  // empty: all
  bool inherited = false;                   // from the pass that was resumed
};

// The run at whose inputs a row of a node is linearised; none if pass is null.
template <class S>
struct Recording {
  const ExecutorPass<S>* pass = nullptr;
  int row = 0;
  bool operator==(const Recording&) const = default;
};

// The interventions of a pass by node, in the order in which they are applied.
template <class S>
struct Changes {
  std::vector<std::vector<Change<S>>> by_node;        // [nodes]
  std::vector<std::vector<Recording<S>>> recordings;  // [nodes][rows], or empty where no row is frozen
  std::vector<Buffer> values;                         // of interventions that came without a source

  Recording<S> recording(net::NodeId node, int row) const {
    const auto& rows = recordings[at(node)];
    return rows.empty() ? Recording<S>{} : rows[at(row)];
  }
};

// What `interventions` mean for a pass of `rows` rows of this plan. Those of a resumed base come first, for
// row i those of base_rows[i]. Freezing to a row that is itself frozen there means freezing to its recording:
// the tangent of an affine function is the function.
// Throws ContractError for a node or row out of range, a node that is not observed (blend, add), a plan that
// is not freezable (freeze), a source of another plan, or a value or channel mask of another shape.
template <class S>
Changes<S> resolve(Machine<S>& machine, int rows, std::span<const Intervention> interventions,
                   const ExecutorPass<S>* base, std::span<const int> base_rows);

// row <- (1 - amount) row + amount value, or row + amount value, on the masked channels.
template <class S>
void apply(const Layout& layout, const Change<S>& change, S* row);
// The adjoint of apply with respect to row: scaled by 1 - amount (blend), left alone (add).
template <class S>
void apply_adjoint(const Layout& layout, const Change<S>& change, S* gradient);

}  // namespace faultline::engine
