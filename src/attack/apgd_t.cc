#include "attack/apgd_t.h"

#include "attack/apgd_parameters.h"
#include "attack/attack_of.h"

namespace faultline::attack {

namespace {

constexpr auto kParameters =
    join(std::array{kNormParameter, kEpsParameter,
                    integer_parameter("targets", "9", 1, 1'000'000,
                                      "classes to run towards, the largest other clean logits in turn")},
         kApgdParameters);

std::unique_ptr<Attack> make_apgd_t(const Settings& settings) {
  Apgd apgd = apgd_of(settings);
  apgd.targets = settings.integer("targets");
  return attack_of(settings, std::move(apgd));
}

}  // namespace

constinit const AttackEntry kApgdT = {
    "apgd-t",
    "Auto-PGD towards one class after the other, on the targeted difference "
    "of logits ratio",
    "Croce & Hein 2020, arXiv 2003.01690", kParameters, &make_apgd_t};

}  // namespace faultline::attack
