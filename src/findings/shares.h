#pragma once

#include <cstddef>
#include <string>

#include "findings/measure.h"

namespace faultline::findings {

// A proportion with Wilson's 95 % interval; without an estimate for no trials.
Measure share(std::string name, std::size_t successes, std::size_t trials);

}  // namespace faultline::findings
