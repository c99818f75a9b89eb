#include "attack/pgd.h"

#include "attack/ascent_attack.h"

namespace faultline::attack {

double pgd_step_size(const Settings& settings) {
  return static_cast<double>(2.5F * settings.pixels("eps") / static_cast<float>(settings.integer("steps")));
}

std::unique_ptr<Attack> make_pgd_in(const Ball& ball, const Settings& settings) {
  const int restarts = settings.integer("restarts");
  const bool random_start = settings.flag("random_start");
  if (restarts > 1 && !random_start)
    settings.refuse("restarts", "1 without a random start, as all would be the same");
  return make_ascent_attack(settings, {.ball = ball,
                                       .steps = settings.integer("steps"),
                                       .step_size = settings.pixels("step_size"),
                                       .random_start = random_start,
                                       .restarts = restarts,
                                       .early_stop = settings.flag("early_stop")});
}

namespace {

constexpr auto kPgdParameters = join(kBallAndObjective, kPgdOwnParameters);

std::unique_ptr<Attack> make_pgd(const Settings& settings) {
  return make_pgd_in(ball_of(settings), settings);
}

}  // namespace

constinit const AttackEntry kPgd = {"pgd", "gradient steps from a random start, with restarts",
                                    "Madry et al. 2018, arXiv 1706.06083", kPgdParameters, &make_pgd};

}  // namespace faultline::attack
