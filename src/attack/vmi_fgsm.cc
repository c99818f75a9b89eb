#include "attack/vmi_fgsm.h"

#include "attack/momentum_attack.h"

namespace faultline::attack {

namespace {

// The loss dlr has another denominator at every point, which its direction does not tell.
constexpr std::array kVmiLosses = {kLossNames[0], kLossNames[1]};

constexpr auto kVmiFgsmParameters = join(
    std::array{kLinfEpsParameter, kGoalParameter,
               choice_parameter("loss", "cross-entropy", kVmiLosses, "what is ascended")},
    kMomentumParameters,
    std::array{integer_parameter("neighbours", "20", 0, 10'000,
                                 "points round the iterate, each a forward and a backward pass a step"),
               real_parameter("beta", "1.5", 0, 1000, "how far they are at most in each value, in eps")});

std::unique_ptr<Attack> make_vmi_fgsm(const Settings& settings) {
  return make_momentum_attack(
      settings, {.neighbours = settings.integer("neighbours"),
                 .radius = settings.real("beta") * static_cast<double>(settings.pixels("eps"))});
}

}  // namespace

constinit const AttackEntry kVmiFgsm = {
    "vmi-fgsm", "mi-fgsm with gradients tuned by those of the neighbourhood",
    "Wang & He 2021, arXiv 2103.15571", kVmiFgsmParameters, &make_vmi_fgsm};

}  // namespace faultline::attack
