#pragma once

#include <cstdint>
#include <functional>

#include "findings/evidence.h"

namespace faultline::findings {

// Reads a condition's evidence when it is wanted, so that not all of a run's are held at once.
using LoadCondition = std::function<ConditionEvidence(std::int64_t condition)>;

}  // namespace faultline::findings
