#include "attack/bim.h"

#include "attack/ascent_attack.h"
#include "attack/parameters.h"

namespace faultline::attack {

namespace {

double default_step_size(const Settings& settings) {
  return static_cast<double>(settings.pixels("eps") / static_cast<float>(settings.integer("steps")));
}

constexpr auto kParameters =
    join(kBallAndObjective,
         std::array{kStepsParameter, with_formula(kStepSizeParameter, "eps / steps", &default_step_size),
                    kEarlyStopParameter});

std::unique_ptr<Attack> make_bim(const Settings& settings) {
  return make_ascent_attack(settings, {.ball = ball_of(settings),
                                       .steps = settings.integer("steps"),
                                       .step_size = settings.pixels("step_size"),
                                       .early_stop = settings.flag("early_stop")});
}

}  // namespace

constinit const AttackEntry kBim = {"bim", "gradient steps from the clean image",
                                    "Kurakin et al. 2017, arXiv 1607.02533", kParameters, &make_bim};

}  // namespace faultline::attack
