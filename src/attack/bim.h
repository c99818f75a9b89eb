#pragma once

#include <memory>
#include <optional>

#include "attack/attack.h"
#include "attack/options.h"

namespace faultline::attack {

// The basic iterative method (Kurakin et al. 2017, section 2.2): projected steps from the clean image
// (ascent.h).
struct BimOptions {
  Ball ball = {};
  Objective objective = {};
  int steps = 10;
  std::optional<float> step_size = {};  // pixel units; eps / steps if not set
  bool early_stop = false;
};

// Throws Error{usage} if a value is out of range (ascent.h).
std::unique_ptr<Attack> make_bim(const BimOptions& options);
// Throws Error{usage} also if random_start or restarts are set: that is pgd.
std::unique_ptr<Attack> make_bim(const AttackOptions& options);

}  // namespace faultline::attack
