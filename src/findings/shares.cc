#include "findings/shares.h"

#include <utility>

#include "findings/rules.h"
#include "stats/wilson.h"

namespace faultline::findings {

Measure share(std::string name, std::size_t successes, std::size_t trials) {
  return {.name = std::move(name), .estimate = stats::wilson(successes, trials, kConfidence), .n = trials};
}

}  // namespace faultline::findings
