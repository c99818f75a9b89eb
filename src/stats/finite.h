#pragma once

#include <span>

namespace faultline::stats {

// Throws ContractError(message) if a value is infinite or not a number. Every procedure of this folder
// refuses such values: what has no value is missing, and it is the caller who leaves it out.
void require_finite(std::span<const double> values, const char* message);

}  // namespace faultline::stats
