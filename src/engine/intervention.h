#pragma once

#include <cstdint>
#include <vector>

#include "net/graph.h"
#include "tensor/tensor.h"

namespace faultline::engine {

class Pass;

enum class InterventionKind {
  blend,   // A <- (1 - amount) A + amount V on the masked channels; amount 1 replaces, and cuts the gradient
  add,     // A <- A + amount V on the masked channels
  freeze,  // the node's non-linearity f becomes its tangent f(u0) + f'(u0)(u - u0) at the recording's input
           // u0
};

// One change of one row's value at one node, made right after the node is computed. The value V (blend, add)
// or the recording (freeze) is `source`'s value at the same node in `source_row`; without a source, blend and
// add use `value`. Several interventions on one row and node are applied in the order given; a freeze first.
struct Intervention {
  int row = 0;
  net::NodeId node = -1;
  InterventionKind kind = InterventionKind::blend;
  const Pass* source = nullptr;  // a pass of the same plan; must outlive the pass that the intervention makes
  int source_row = 0;
  double amount = 1;
  std::vector<std::uint8_t> channels =
      {};                   // 1 where applied, one for each channel; empty means all (freeze takes none)
  DoubleTensor value = {};  // [C,h,w] or [K], plain row-major
};

}  // namespace faultline::engine
