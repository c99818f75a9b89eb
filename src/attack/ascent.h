#pragma once

#include <string>
#include <vector>

#include "attack/attack.h"
#include "attack/options.h"

namespace faultline::attack {

// Projected gradient ascent of an objective's score, which FGSM, BIM and PGD are cases of:
//   x_0 = clean, or a random point of the ball;   x_(k+1) = project(x_k + step_size u_k),
// u_k the steepest direction in the ball's norm (step.h, projection.h). The last point is the result; with
// early_stop the first that succeeds, the clean image and x_0 included (a boost, which succeeds from the
// start, never stops early). Of several restarts the best is kept: success first, then the higher score. An
// image that succeeded makes no further restart, unless it is boosted.
struct Ascent {
  std::string name = {};
  Ball ball = {};
  Objective objective = {};
  int steps = 1;        // >= 1
  float step_size = 0;  // pixel units, >= 0
  bool random_start = false;
  int restarts = 1;  // >= 1; more than one take a random start, or all would be the same
  bool early_stop = false;
};

// One pass of the clean image and one of the rounded result; for each restart one forward a point and one
// backward a step. (x_0 = clean takes no pass of its own.)
PassCount cost(const Ascent& ascent);

// See Attack::run. Throws ContractError for an ascent that is none.
std::vector<AttackedImage> ascend(const Ascent& ascent, engine::Plan& plan, const AttackInput& input,
                                  const RunControl& control);

}  // namespace faultline::attack
