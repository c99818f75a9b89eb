#pragma once

#include <vector>

#include "attack/attack.h"
#include "attack/options.h"

namespace faultline::attack {

// The Square Attack (Andriushchenko et al. 2020, algorithms 1 to 3, as AutoAttack runs it): a random search
// that sees nothing of the network but its logits. From a start on the ball's surface it tries one change of
// a square at a time (square_proposal.h), smaller and smaller ones (square_share), and keeps what raises the
// score. An image that succeeds is finished; one that does not gives its point of the highest score (best of
// its restarts). Images whose clean prediction succeeds are left alone. A boost makes all queries.
//   Each image has its own squares, from the streams "restart=<r>/start" and "restart=<r>"; the authors' code
// shares each square among the images of a batch.
struct Square {
  Ball ball = {};                                // linf or l2
  Objective objective = {.loss = Loss::margin};  // whose score is raised
  Loss verdict_loss = Loss::margin;              // that verdicts tell; no influence on the result
  int queries = 5000;                            // squares tried in each restart
  double p = 0.8;                                // share of the image that the first squares cover
  bool rescaled = false;                         // the schedule of shares, to the number of queries
  int restarts = 1;
};

// Forward passes: the clean and the rounded one, and for each restart the start and the queries.
PassCount cost(const Square& square);

// See Attack::run; `steps` of a result is the number of its query, 0 for the start.
std::vector<AttackedImage> run(const Square& square, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

}  // namespace faultline::attack
