#include "attack/minimal_attack.h"

namespace faultline::attack {

double no_limit(const Settings&) {
  return kNoLimit;
}

Goal chosen_goal(const Settings& settings) {
  return settings.text("goal") == kGoalNames[1] ? Goal::targeted : Goal::untargeted;
}

double chosen_limit(const Settings& settings) {
  return static_cast<double>(settings.pixels("eps"));
}

}  // namespace faultline::attack
