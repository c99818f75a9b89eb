#pragma once

#include <cstddef>

#include "findings/evidence.h"
#include "findings/stored_run.h"

namespace faultline::findings {

// What became of the images of a run's list.
struct ListCounts {
  std::size_t planned = 0;  // that the run has once it is finished
  std::size_t listed = 0;   // that it has
  std::size_t studied = 0;
  std::size_t misclassified = 0;  // left out
  std::size_t unreadable = 0;
};
ListCounts count_list(const StoredRun& run);

// Whether eps* is only known to be at most what it says: the least strength that was tried changes the
// answer.
bool least_eps_suffices(const store::AttackRow& attack);

// What became of the studied images under a condition.
struct FlipCounts {
  std::size_t images = 0;
  std::size_t made = 0;       // there is a perturbed input
  std::size_t flipped = 0;    // whose answer changed
  std::size_t stored = 0;     // of those, still once rounded to 8 bits
  std::size_t rounding = 0;   // images whose answer changes in one of both only
  std::size_t unmatched = 0;  // control inputs that could not be matched
  std::size_t at_floor = 0;   // whose eps* is only known to be at most what it says
};
FlipCounts count_flips(const ConditionEvidence& evidence);

}  // namespace faultline::findings
