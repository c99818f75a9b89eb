#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "attack/attack_at.h"

namespace faultline::attack {

// Where the critical strength is looked for, in pixel units: 0 < least <= largest.
struct EpsBracket {
  float least = 0.25F / 255;
  float largest = 64.0F / 255;
};

// The critical strength eps* of one image: the smallest eps at which an attack succeeds.
struct CriticalStrength {
  std::optional<float> eps;  // 0 if the clean image succeeds; missing (censored) if the largest eps fails
  float fails_at = 0;        // the largest eps below it that was tried, and failed; 0 if none was
  // With eps, for which success is sure; with the largest if eps is missing, with the least if it is 0.
  AttackedImage attacked;
  int rounds = 0;  // attacks made, each with another eps
  std::int64_t forward_passes = 0;
  std::int64_t backward_passes = 0;
};

// eps* of every image; [N], in order. Tries least, 2 least, 4 least, ..., largest until one succeeds, then
// bisects between it and the one before until eps - fails_at <= eps/16. Where already the least succeeds,
// that is eps, and fails_at is 0. Success need not grow with eps: a smaller eps between two that were tried
// could succeed too.
//   Every attack uses the image's same random streams, so an image's result depends on no other. Reports
// progress in images whose eps* is known.
// Throws Error{usage} unless 0 < least <= largest, and what attack_at throws.
std::vector<CriticalStrength> critical_strength(const AttackAt& make, const EpsBracket& bracket,
                                                engine::Plan& plan, const AttackInput& input,
                                                const RunControl& control);

// The most attacks that it makes of one image.
int most_rounds(const EpsBracket& bracket);

}  // namespace faultline::attack
