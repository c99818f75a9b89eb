#include "attack/pgd.h"

#include "attack/ascent_attack.h"

namespace faultline::attack {

std::unique_ptr<Attack> make_pgd(const PgdOptions& options) {
  const float default_step = 2.5F * options.ball.eps / static_cast<float>(options.steps);
  return make_ascent_attack({.name = "pgd",
                             .ball = options.ball,
                             .objective = options.objective,
                             .steps = options.steps,
                             .step_size = options.step_size.value_or(default_step),
                             .random_start = options.random_start,
                             .restarts = options.restarts,
                             .early_stop = options.early_stop});
}

std::unique_ptr<Attack> make_pgd(const AttackOptions& options) {
  const PgdOptions defaults;
  return make_pgd(PgdOptions{.ball = options.ball,
                             .objective = options.objective,
                             .steps = options.steps.value_or(defaults.steps),
                             .step_size = options.step_size,
                             .random_start = options.random_start.value_or(defaults.random_start),
                             .restarts = options.restarts.value_or(defaults.restarts),
                             .early_stop = options.early_stop.value_or(defaults.early_stop)});
}

}  // namespace faultline::attack
