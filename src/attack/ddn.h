#pragma once

#include "attack/entry.h"
#include "attack/smallest.h"

namespace faultline::attack {

// Decoupled direction and norm (Rony et al. 2019, algorithm 1): the direction follows the gradient g of the
// cross-entropy, the length e only whether the point is adversarial.
//   d <- d + a_k g/|g|,   a_k = 0.01 + (step_size - 0.01)(1 + cos(pi k/steps))/2, k = 0, 1, ...;
//   e <- e (1 - gamma) if x is adversarial, else e (1 + gamma);   x <- clip(x_0 + e d/|d|),  d <- x - x_0.
// The smallest adversarial point is the result. The authors' code also rounds x to 256 levels: `quantise`.
struct Ddn {
  Goal goal = Goal::untargeted;
  int steps = 100;
  double initial_norm = 1;  // e, pixel units
  double gamma = 0.05;
  double step_size = 1;  // the first; the last is near 0.01
  bool quantise = false;
  double eps = kNoLimit;  // L2, pixel units; a larger perturbation is no success
};

PassCount cost(const Ddn& ddn);
// See Attack::run. An image without a success keeps its clean point.
std::vector<AttackedImage> run(const Ddn& ddn, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

// Of the catalogue; its settings are the members above.
extern const AttackEntry kDdn;

}  // namespace faultline::attack
