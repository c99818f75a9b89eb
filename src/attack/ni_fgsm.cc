#include "attack/ni_fgsm.h"

#include "attack/momentum_attack.h"

namespace faultline::attack {

namespace {

constexpr auto kNiFgsmParameters =
    join(std::array{kLinfEpsParameter, kGoalParameter, kLossParameter}, kMomentumParameters);

std::unique_ptr<Attack> make_ni_fgsm(const Settings& settings) {
  return make_momentum_attack(settings, {.look_ahead = true});
}

}  // namespace

constinit const AttackEntry kNiFgsm = {"ni-fgsm", "mi-fgsm with gradients taken a momentum step ahead",
                                       "Lin et al. 2020, arXiv 1908.06281", kNiFgsmParameters, &make_ni_fgsm};

}  // namespace faultline::attack
