#include "attack/ti_fgsm.h"

#include "attack/momentum_attack.h"

namespace faultline::attack {

namespace {

constexpr auto kTiFgsmParameters =
    join(kBallAndObjective, kMomentumParameters,
         std::array{integer_parameter("kernel_size", "15", 1, 999, "of the Gaussian, pixels; odd"),
                    real_parameter("kernel_reach", "3", 0.001, 100,
                                   "standard deviations from the centre of the Gaussian to its edge")});

std::unique_ptr<Attack> make_ti_fgsm(const Settings& settings) {
  const int size = settings.integer("kernel_size");
  if (size % 2 == 0) settings.refuse("kernel_size", "an odd number");
  return make_momentum_attack(settings, {.kernel_size = size, .kernel_reach = settings.real("kernel_reach")});
}

}  // namespace

constinit const AttackEntry kTiFgsm = {"ti-fgsm", "mi-fgsm along gradients smoothed by a Gaussian",
                                       "Dong et al. 2019, arXiv 1904.02884", kTiFgsmParameters,
                                       &make_ti_fgsm};

}  // namespace faultline::attack
