#pragma once

#include <vector>

#include "findings/evidence.h"

namespace faultline::findings {

// Which images of a condition count.
enum class Selection {
  made,     // there is a perturbed input
  flipped,  // it changes the answer
  stored,   // and still does once rounded to 8 bits, as a user would store it: flip tests
};

bool selected(const store::AttackRow& attack, Selection selection);

std::vector<const ImageEvidence*> select(const ConditionEvidence& evidence, Selection selection);

}  // namespace faultline::findings
