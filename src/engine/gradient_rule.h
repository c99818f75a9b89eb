#pragma once

#include "net/graph.h"

namespace faultline::engine {

enum class GradientRuleKind {
  rectify,  // G <- max(G, 0)
  share,    // G <- G A / (D + epsilon sign D), D = A + amount B, sign 0 = 1; 0 where that divisor is 0
  follow,   // G <- amount F
};

// A departure from the chain rule at one node, in a backward sweep: what becomes of the gradient G that has
// arrived at its value before it goes on to its inputs. Element by element; A the node's value, B that of
// `other`, F the gradient that went on from `other` (which must come later in the graph). Made for
// attribution methods that are modified gradients: guided backpropagation, layer-wise relevance propagation.
struct GradientRule {
  net::NodeId node = -1;
  GradientRuleKind kind = GradientRuleKind::rectify;
  net::NodeId other = -1;  // of the node's sample shape; of share, none if the amount is 0
  double amount = 0;
  double epsilon = 0;
};

}  // namespace faultline::engine
