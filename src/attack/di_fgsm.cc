#include "attack/di_fgsm.h"

#include "attack/momentum_attack.h"

namespace faultline::attack {

namespace {

constexpr auto kDiFgsmParameters =
    join(kBallAndObjective, kMomentumParameters,
         std::array{real_parameter("probability", "0.5", 0, 1,
                                   "of a step whose gradient is taken through a shrunk, shifted image"),
                    real_parameter("least_scale", "0.9", 0.01, 1,
                                   "of the shrunk image, which is of any size from this share up")});

std::unique_ptr<Attack> make_di_fgsm(const Settings& settings) {
  return make_momentum_attack(
      settings, {.diversity = settings.real("probability"), .least_scale = settings.real("least_scale")});
}

}  // namespace

constinit const AttackEntry kDiFgsm = {"di-fgsm", "mi-fgsm with gradients taken through random resizing",
                                       "Xie et al. 2019, arXiv 1803.06978", kDiFgsmParameters, &make_di_fgsm};

}  // namespace faultline::attack
