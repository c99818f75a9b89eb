#include "attack/pgd.h"

#include "attack/ascent_attack.h"
#include "attack/parameters.h"

namespace faultline::attack {

namespace {

double default_step_size(const Settings& settings) {
  return static_cast<double>(2.5F * settings.pixels("eps") / static_cast<float>(settings.integer("steps")));
}

constexpr auto kParameters =
    join(kBallAndObjective,
         std::array{kStepsParameter, with_formula(kStepSizeParameter, "2.5 eps / steps", &default_step_size),
                    kRandomStartParameter, kRestartsParameter, kEarlyStopParameter});

std::unique_ptr<Attack> make_pgd(const Settings& settings) {
  const int restarts = settings.integer("restarts");
  const bool random_start = settings.flag("random_start");
  if (restarts > 1 && !random_start)
    settings.refuse("restarts", "1 without a random start, as all would be the same");
  return make_ascent_attack(settings, {.ball = ball_of(settings),
                                       .steps = settings.integer("steps"),
                                       .step_size = settings.pixels("step_size"),
                                       .random_start = random_start,
                                       .restarts = restarts,
                                       .early_stop = settings.flag("early_stop")});
}

}  // namespace

constinit const AttackEntry kPgd = {"pgd", "gradient steps from a random start, with restarts",
                                    "Madry et al. 2018, arXiv 1706.06083", kParameters, &make_pgd};

}  // namespace faultline::attack
