#pragma once

#include <optional>
#include <vector>

#include "attack/chunk.h"

namespace faultline::attack {

// The part of C&W's and EAD's losses that asks for the wrong class (Carlini & Wagner 2017, f_6):
//   f = max(0, confidence - s),   s = max over j != y of z_j - z_y, targeted z_t - max over j != t of z_j.
// s is the score of the goal's objective with the loss `margin` (objective.h).
class Hinge {
 public:
  Hinge(Chunk& chunk, Goal goal, double confidence)
      : chunk_(chunk), objective_{goal, Loss::margin}, confidence_(confidence) {}

  // Of the last forward's point at position k.
  double value(int k) const;
  // One sweep for the active images with f > 0, each of which takes a backward pass.
  void differentiate();
  // df/dpoint is minus this; nothing where f = 0.
  std::optional<TensorView> score_gradient(int k) const;

 private:
  Chunk& chunk_;
  Objective objective_;
  double confidence_;
  std::vector<int> positions_;  // with f > 0
  std::vector<int> rows_;       // [active]: of the sweep, -1 for none
};

}  // namespace faultline::attack
