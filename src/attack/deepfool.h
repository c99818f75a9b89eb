#pragma once

#include "attack/entry.h"
#include "attack/smallest.h"

namespace faultline::attack {

// DeepFool (Moosavi-Dezfooli, Fawzi, Frossard 2016, algorithm 2): walks to the nearest linearised decision
// boundary (boundaries.h) until the class changes. With x_0 the clean image, r = 0 and q dual to p:
//   i = argmin |f_i|/|w_i|_q;   r += |f_i| w_i/|w_i|_2^2 (l2) or |f_i| sign(w_i)/|w_i|_1 (linf);
//   x = clip(x_0 + (1 + overshoot) r) to [0,1].
// Only the point is clipped, not r. Targeted (an extension): the one boundary towards the target.
struct DeepFool {
  Norm norm = Norm::l2;  // or linf
  Goal goal = Goal::untargeted;
  int steps = 50;
  int classes = 10;  // those with the largest clean logits, the label's included; untargeted
  double overshoot = 0.02;
  double eps = kNoLimit;  // pixel units; a larger perturbation is no success
};

PassCount cost(const DeepFool& deepfool);
// See Attack::run. An image that is not fooled keeps its clean point.
std::vector<AttackedImage> run(const DeepFool& deepfool, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

// Of the catalogue; its settings are the members above.
extern const AttackEntry kDeepFool;

}  // namespace faultline::attack
