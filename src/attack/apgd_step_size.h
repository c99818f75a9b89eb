#pragma once

#include <vector>

namespace faultline::attack {

// When APGD looks back, in steps taken (Croce & Hein 2020, section 3.1, in the whole numbers of the authors'
// code): the windows between two checkpoints are
//   W_1 = max(floor(0.22 N), 1),   W_(j+1) = max(W_j - max(floor(0.03 N), 1), max(floor(0.06 N), 1)).
//   N = 100 -> 22, 41, 57, 70, 80, 87, 93, 99. Checkpoints after step N are left out.
std::vector<int> apgd_checkpoints(int steps);

// The step size of one image of an APGD run of N steps. At a checkpoint it is halved, and the ascent goes
// back to the best point, if
//   1. at most rho W of the window's W steps ended on a higher score than the step before, or
//   2. it was not halved at the checkpoint before, and the best score is still the same.
// As in the authors' code the first step counts as a rise if its score is above 0, whatever the start's was.
class ApgdStepSize {
 public:
  // first: the step size to begin with, 2 eps.
  ApgdStepSize(int steps, double rho, double first);

  double value() const { return value_; }
  // Takes a step's score and the best one so far, this step's included. Returns whether the step size was
  // halved.
  bool record(double score, double best_score);

 private:
  bool halve(double best_score);

  std::vector<int> checkpoints_;
  double rho_;
  double value_;
  int steps_ = 0;
  std::size_t next_ = 0;  // of checkpoints_
  int rises_ = 0;         // in this window
  double previous_score_ = 0;
  double best_at_checkpoint_ = 0;
  bool halved_ = true;  // so that rule 2 does not hold at the first checkpoint
};

}  // namespace faultline::attack
