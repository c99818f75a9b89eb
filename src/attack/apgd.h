#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attack/attack.h"
#include "attack/options.h"

namespace faultline::attack {

// Auto-PGD (Croce & Hein 2020, algorithm 1, with the details of the authors' code), an ascent of a score
// whose step size s adapts itself (apgd_step_size.h), from a random point of the ball's surface, s = 2 eps:
//   z = project(x_k + s u_k);   x_(k+1) = project(x_k + a (z - x_k) + (1 - a)(x_k - x_(k-1))),
// u_k the steepest direction in the ball's norm, a = 0.75, in the first step 1. Where s is halved, x_k
// becomes the best point so far, and its gradient is used again.
//   The score is the objective's, or with `targets` the targeted difference of logits ratio (dlr.h) of the
// label and a target: the 2nd largest clean logit first, then the 3rd, ...; each makes all restarts.
//   The result is the last point that succeeds, the start included, of the first run in which one does; then
// the image makes no further run. Of an image without success, and of a boost, it is the best point of all
// runs by the loss of the verdicts. Images whose clean prediction succeeds are left alone (unless boosted).
struct Apgd {
  std::string name;  // of the streams and of errors
  Ball ball = {};    // linf or l2
  Objective objective = {};
  int targets = 0;  // 0: ascend the objective's score. Else the goal is untargeted, and the objective's loss
                    // has no influence. As many as there are other classes at most
  std::optional<Loss> verdict_loss = {};  // that verdicts tell; the objective's if not set
  int steps = 100;
  int restarts = 1;  // of each target
  double rho = 0.75;
};

// The clean and the rounded pass; for each restart (of each target) a forward a point, which are steps + 1,
// and a backward a step, less those where the gradient of the best point is used again.
PassCount cost(const Apgd& apgd);

// See Attack::run; `restart` of a result is target x restarts + restart. Throws also Error{usage} if the
// network has too few classes for a difference of logits ratio.
std::vector<AttackedImage> run(const Apgd& apgd, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

}  // namespace faultline::attack
