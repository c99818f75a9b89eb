#pragma once

#include "attack/entry.h"
#include "attack/smallest.h"

namespace faultline::attack {

// Carlini & Wagner's L2 attack (2017, section VI.A), with the constants of their code: over w, x = (tanh(w) +
// 1)/2, which cannot leave [0,1], Adam (adam.h) minimises
//   |x - x_0|^2 + c f(x)
// (f: hinge.h) from tanh(w) = 0.999999 (2 x_0 - 1); c is searched for (weight_search.h), each optimisation
// beginning anew; the smallest adversarial point of all is the result. With a confidence a point counts only
// if f = 0 there. Each image has its own c, and its own early abort (early_abort.h).
struct CarliniWagner {
  Goal goal = Goal::untargeted;
  int binary_steps = 9;
  int steps = 200;          // of each optimisation; the authors take 10,000
  double step_size = 0.01;  // Adam's
  double initial_weight = 1e-3;
  double confidence = 0;  // in logits
  bool abort_early = true;
  double eps = kNoLimit;  // L2, pixel units; a larger perturbation is no success
};

PassCount cost(const CarliniWagner& cw);
// See Attack::run. An image without a success keeps its clean point.
std::vector<AttackedImage> run(const CarliniWagner& cw, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

// Of the catalogue; its settings are the members above.
extern const AttackEntry kCarliniWagner;

}  // namespace faultline::attack
