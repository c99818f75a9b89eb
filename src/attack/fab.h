#pragma once

#include <string>

#include "attack/entry.h"
#include "attack/smallest.h"

namespace faultline::attack {

// Fast adaptive boundary attack (Croce & Hein 2020, algorithm 1, as AutoAttack runs it). Of the linearised
// decision boundaries (boundaries.h) at the point x it takes the nearest one, and the projections within
// [0,1] onto it (hyperplane.h) from x, d_1, and from the clean image x_0, d_2:
//   a = min(|d_1|/(|d_1| + |d_2|), alpha_max);   x <- clip((1 - a)(x + eta d_1) + a (x_0 + eta d_2));
// where x is then adversarial it is kept if it is the nearest so far, and x <- x_0 + beta (x - x_0).
//   by_target (fab-t): the same once for each of `classes` - 1 targets, the largest other clean logits in
//   turn, with the boundary between label and target alone; any wrong class counts.
// The first run begins at the clean image; each further restart at a random point at half the distance of the
// best that was found (at most half of eps): a uniform direction for l2, for linf independent uniform values
// divided by the largest. With an eps, images that have a success within it make no further run.
struct Fab {
  bool by_target = false;
  Norm norm = Norm::linf;        // or l2
  Goal goal = Goal::untargeted;  // by_target: only that
  int steps = 100;
  int classes = 10;  // those with the largest clean logits, the label's included; untargeted
  int restarts = 1;
  double alpha_max = 0.1;
  double eta = 1.05;
  double beta = 0.9;
  double eps = kNoLimit;    // pixel units; a larger perturbation is no success
  bool early_stop = false;  // an image leaves with its first success
};

PassCount cost(const Fab& fab);
// See Attack::run. An image without a success keeps its clean point.
std::vector<AttackedImage> run(const Fab& fab, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

// Of the catalogue; their settings are the members above. fab-t takes no goal.
extern const AttackEntry kFab;
extern const AttackEntry kFabT;

}  // namespace faultline::attack
