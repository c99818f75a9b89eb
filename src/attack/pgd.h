#pragma once

#include <memory>
#include <optional>

#include "attack/attack.h"
#include "attack/options.h"

namespace faultline::attack {

// Projected gradient descent (Madry et al. 2018, section 2.1): projected steps from a random point of the
// ball, the best of several restarts (ascent.h).
struct PgdOptions {
  Ball ball = {};
  Objective objective = {};
  int steps = 10;
  std::optional<float> step_size = {};  // pixel units; 2.5 eps / steps if not set
  bool random_start = true;
  int restarts = 1;
  bool early_stop = false;
};

// Throws Error{usage} if a value is out of range (ascent.h).
std::unique_ptr<Attack> make_pgd(const PgdOptions& options);
std::unique_ptr<Attack> make_pgd(const AttackOptions& options);

}  // namespace faultline::attack
