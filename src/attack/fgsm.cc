#include "attack/fgsm.h"

#include "attack/ascent_attack.h"
#include "attack/parameters.h"

namespace faultline::attack {

namespace {

std::unique_ptr<Attack> make_fgsm(const Settings& settings) {
  const Ball ball = ball_of(settings);
  return make_ascent_attack(settings, {.ball = ball, .steps = 1, .step_size = ball.eps});
}

}  // namespace

constinit const AttackEntry kFgsm = {"fgsm", "one gradient step of length eps",
                                     "Goodfellow et al. 2015, arXiv 1412.6572", kBallAndObjective,
                                     &make_fgsm};

}  // namespace faultline::attack
