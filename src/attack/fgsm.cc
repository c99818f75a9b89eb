#include "attack/fgsm.h"

#include "attack/ascent_attack.h"

namespace faultline::attack {

std::unique_ptr<Attack> make_fgsm(const FgsmOptions& options) {
  return make_ascent_attack({.name = "fgsm",
                             .ball = options.ball,
                             .objective = options.objective,
                             .steps = 1,
                             .step_size = options.ball.eps});
}

std::unique_ptr<Attack> make_fgsm(const AttackOptions& options) {
  refuse_if_set(options.steps.has_value(), "fgsm", "steps");
  refuse_if_set(options.step_size.has_value(), "fgsm", "step size");
  refuse_if_set(options.random_start.has_value(), "fgsm", "random start");
  refuse_if_set(options.restarts.has_value(), "fgsm", "restarts");
  refuse_if_set(options.early_stop.has_value(), "fgsm", "early stop");
  return make_fgsm(FgsmOptions{.ball = options.ball, .objective = options.objective});
}

}  // namespace faultline::attack
