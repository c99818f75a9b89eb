#pragma once

#include <span>
#include <vector>

#include "causal/coalition.h"

namespace faultline::causal {

// The smallest sets of blocks whose compromised gates decide. Each list holds all sets of the least size that
// do, strongest first (by the margin, then as a number); it is empty where not even all blocks do, which
// counts as an outcome of its own. Bits are blocks: bit b is block b.
struct GateSets {
  std::vector<Coalition> gates_only;         // S with v(x, S) < 0: gates alone flip the clean image
  std::vector<Coalition> given_linear_path;  // S with v(x_a, S) < 0; the empty set: "linear suffices"
  std::vector<Coalition> restoring;  // S with v(x_a, all but S) > 0: clean gates there restore the class
};

// values [2^(B+1)]: v(i, S) of a gates game (gates_game.h), player 0 the input, player b + 1 the gates of
// block b.
GateSets gate_sets(std::span<const double> values);

}  // namespace faultline::causal
