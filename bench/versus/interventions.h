#pragma once

#include <string>

#include "versus/subject.h"

namespace faultline::bench {

// What an intervention costs, in multiply-adds and time; as markdown tables. Checked first: a resumed pass is
// the whole one bit for bit; frozen at its own recording, a network answers as it does unfrozen. Throws
// Error{model} if not.
std::string measure_interventions(const Subject& subject);

}  // namespace faultline::bench
