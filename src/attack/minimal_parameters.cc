#include "attack/minimal_parameters.h"

namespace faultline::attack {

double no_limit(const Settings&) {
  return kNoLimit;
}

double chosen_limit(const Settings& settings) {
  return static_cast<double>(settings.pixels("eps"));
}

}  // namespace faultline::attack
