#include "attack/mi_fgsm.h"

#include "attack/momentum_attack.h"

namespace faultline::attack {

namespace {

constexpr auto kMiFgsmParameters = join(kBallAndObjective, kMomentumParameters);

std::unique_ptr<Attack> make_mi_fgsm(const Settings& settings) {
  return make_momentum_attack(settings, {});
}

}  // namespace

constinit const AttackEntry kMiFgsm = {"mi-fgsm", "steps along a running mean of gradients",
                                       "Dong et al. 2018, arXiv 1710.06081", kMiFgsmParameters,
                                       &make_mi_fgsm};

}  // namespace faultline::attack
