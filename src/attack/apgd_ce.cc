#include "attack/apgd_ce.h"

#include "attack/apgd_parameters.h"
#include "attack/attack_of.h"

namespace faultline::attack {

namespace {

constexpr auto kParameters = join(std::array{kNormParameter, kEpsParameter, kGoalParameter}, kApgdParameters);

std::unique_ptr<Attack> make_apgd_ce(const Settings& settings) {
  Apgd apgd = apgd_of(settings);
  apgd.objective = {.goal = chosen_goal(settings), .loss = Loss::cross_entropy};
  return attack_of(settings, std::move(apgd));
}

}  // namespace

constinit const AttackEntry kApgdCe = {"apgd-ce",
                                       "Auto-PGD, whose step size adapts itself, on the cross-entropy",
                                       "Croce & Hein 2020, arXiv 2003.01690", kParameters, &make_apgd_ce};

}  // namespace faultline::attack
