#pragma once

#include "attack/entry.h"
#include "attack/smallest.h"

namespace faultline::attack {

// Fast minimum-norm attack (Pintor et al. 2021, algorithm 1; step sizes and first l0 size as in the authors'
// code). s is the score of the margin, g its gradient, k = 0, 1, ...:
//   size: while no adversarial point was found, e = |d|_p + |s|/|g|_q; then e (1 + gamma_k), and where x is
//     adversarial min(e (1 - gamma_k), the best so far). l0: from 1, max(e + 1, floor(e (1 + gamma_k))) or
//     min(e - 1, floor(e (1 - gamma_k)), the best). Never beyond the farthest corner of the box.
//   point: d <- clip(project(d + a_k g/|g|_2, e)), the projection onto the p-ball (ball_projection.h).
// a_k and gamma_k fall along a half cosine from step_size to step_size/100 and from gamma to 0.001. The
// smallest adversarial point is the result. l0 counts values, each channel's by itself.
struct Fmn {
  Norm norm = Norm::l2;
  Goal goal = Goal::untargeted;
  int steps = 100;
  double step_size = 1;  // L2, pixel units
  double gamma = 0.05;
  double eps = kNoLimit;  // in the norm; a larger perturbation is no success
};

PassCount cost(const Fmn& fmn);
// See Attack::run. An image without a success keeps its clean point.
std::vector<AttackedImage> run(const Fmn& fmn, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

// Of the catalogue; its settings are the members above.
extern const AttackEntry kFmn;

}  // namespace faultline::attack
