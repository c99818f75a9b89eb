#pragma once

#include <optional>
#include <vector>

#include "attack/chunk.h"

namespace faultline::attack {

// The decision boundaries of each active image, linearised at its point x: f_i(x + d) = f_i + <w_i, d> with
//   untargeted: f_i = z_j - z_y for each candidate class j; crossed means f_i > 0, and one is enough;
//   targeted:   f_0 = z_t - z_j, j the class other than t with the largest logit at x.
class Boundaries {
 public:
  // candidates [chunk.size()]: by image; not read if targeted.
  Boundaries(Chunk& chunk, Goal goal, std::vector<std::vector<int>> candidates);

  // Of the last forward's points: one sweep for all active images. Costs an image one backward pass a
  // boundary.
  void linearise();

  int count(int k) const;
  double value(int k, int i) const;         // f_i
  TensorView gradient(int k, int i) const;  // w_i [3,H,W]
  // The one with the least |f_i|/|w_i|_q, q dual to the norm, first of equals: the nearest, not regarding the
  // box [0,1]. None if all gradients are zero or not finite. Takes l0 for l1.
  std::optional<int> nearest(Norm norm, int k) const;

 private:
  struct Pair {
    int up = 0;    // its logit is to rise
    int down = 0;  // above this one's
  };
  void add_pairs(int k);
  std::size_t row(int k, int i) const;

  Chunk& chunk_;
  Goal goal_;
  std::vector<std::vector<int>> candidates_;
  std::vector<int> first_;      // [active + 1]: each image's rows
  std::vector<int> positions_;  // [rows]
  std::vector<Pair> pairs_;     // [rows]
};

}  // namespace faultline::attack
