#include "attack/apgd_parameters.h"

namespace faultline::attack {

Apgd apgd_of(const Settings& settings) {
  return {.name = settings.name(),
          .ball = ball_of(settings),
          .steps = settings.integer("steps"),
          .restarts = settings.integer("restarts"),
          .rho = settings.real("rho")};
}

}  // namespace faultline::attack
