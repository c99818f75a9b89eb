#pragma once

#include <span>

#include "attack/options.h"

namespace faultline::attack {

// What an attack makes of one image: its label, and its target if the goal is one (else -1).
struct Aim {
  int label = -1;
  int target = -1;
};

// How far an attack has come with one image.
struct Verdict {
  int predicted = -1;    // argmax of the logits
  bool success = false;  // untargeted: predicted != label; targeted: predicted == target; boost: == label
  double loss = 0;       // loss of the label, or of the target if targeted
  double score = 0;      // what the attack ascends: loss, or -loss if it descends
};

Verdict judge(const Objective& objective, std::span<const double> logits, const Aim& aim);

// Writes d score/dz [K] up to a positive factor (see loss_direction).
void score_direction(const Objective& objective, std::span<const double> logits, const Aim& aim,
                     std::span<double> gradient);

// Whether a beats b: success first, then the higher score.
bool better(const Verdict& a, const Verdict& b);

}  // namespace faultline::attack
