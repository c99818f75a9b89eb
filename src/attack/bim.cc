#include "attack/bim.h"

#include "attack/ascent_attack.h"

namespace faultline::attack {

std::unique_ptr<Attack> make_bim(const BimOptions& options) {
  const float default_step = options.ball.eps / static_cast<float>(options.steps);
  return make_ascent_attack({.name = "bim",
                             .ball = options.ball,
                             .objective = options.objective,
                             .steps = options.steps,
                             .step_size = options.step_size.value_or(default_step),
                             .early_stop = options.early_stop});
}

std::unique_ptr<Attack> make_bim(const AttackOptions& options) {
  refuse_if_set(options.random_start.has_value(), "bim", "random start");
  refuse_if_set(options.restarts.has_value(), "bim", "restarts");
  const BimOptions defaults;
  return make_bim(BimOptions{.ball = options.ball,
                             .objective = options.objective,
                             .steps = options.steps.value_or(defaults.steps),
                             .step_size = options.step_size,
                             .early_stop = options.early_stop.value_or(defaults.early_stop)});
}

}  // namespace faultline::attack
