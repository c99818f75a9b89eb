#pragma once

#include "attack/entry.h"
#include "attack/smallest.h"

namespace faultline::attack {

// Elastic-net attack (Chen et al. 2018, algorithm 1), deciding by L1. FISTA minimises, with d = x - x_0,
//   c f(x) + |d|_2^2 + beta |d|_1,   k = 0, 1, ...:
//   x_(k+1) = S(y_k - a_k grad(c f + |d|_2^2)(y_k)),   a_k = step_size sqrt(1 - k/steps);
//   y_(k+1) = x_(k+1) + k/(k + 3) (x_(k+1) - x_k);   x_0 = y_0 the clean image;
// S takes beta off each |d_i|, down to 0, and clips to [0,1]. f: hinge.h; c is searched for
// (weight_search.h). The smallest adversarial x_k in L1 of all optimisations is the result. With a confidence
// a point counts only if f = 0 there. Early abort: early_abort.h, of the whole loss at y_k.
struct Ead {
  Goal goal = Goal::untargeted;
  int binary_steps = 9;
  int steps = 100;  // of each optimisation; the authors take up to 10,000
  double step_size = 0.01;
  double initial_weight = 1e-3;
  double beta = 1e-3;
  double confidence = 0;  // in logits
  bool abort_early = true;
  double eps = kNoLimit;  // L1, pixel units; a larger perturbation is no success
};

PassCount cost(const Ead& ead);
// See Attack::run. An image without a success keeps its clean point.
std::vector<AttackedImage> run(const Ead& ead, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

// Of the catalogue; its settings are the members above.
extern const AttackEntry kEad;

}  // namespace faultline::attack
