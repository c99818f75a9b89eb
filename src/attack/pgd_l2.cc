#include "attack/pgd_l2.h"

#include "attack/ascent_attack.h"
#include "attack/pgd.h"

namespace faultline::attack {

namespace {

constexpr auto kPgdL2Parameters =
    join(std::array{kL2EpsParameter, kGoalParameter, kLossParameter}, kPgdOwnParameters);

std::unique_ptr<Attack> make_pgd_l2(const Settings& settings) {
  return make_pgd_in({Norm::l2, settings.pixels("eps")}, settings);
}

}  // namespace

constinit const AttackEntry kPgdL2 = {"pgd-l2", "pgd with perturbations limited in their Euclidean length",
                                      "Madry et al. 2018, arXiv 1706.06083", kPgdL2Parameters, &make_pgd_l2};

}  // namespace faultline::attack
