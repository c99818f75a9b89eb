#pragma once

#include <span>

#include "base/philox.h"

namespace faultline::attack {

// How a targeted attack's target follows from an image's clean logits, among the classes other than its
// label.
struct TargetRule {
  enum class Kind {
    likely,  // the one with the rank-th largest logit, 1 the most likely; of equal ones the first
    least_likely,
    random,  // each as likely as the others
  };
  Kind kind = Kind::likely;
  int rank = 1;
};

// logits [K], K >= 2; stream: of the rule `random`, which reads its first value.
// Throws ContractError if the rank is not in 1 ... K-1.
int target_of(const TargetRule& rule, std::span<const double> logits, int label, const RandomStream& stream);

}  // namespace faultline::attack
