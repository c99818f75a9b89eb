#include "attack/catalogue.h"

#include <array>

#include "attack/bim.h"
#include "attack/fgsm.h"
#include "attack/pgd.h"
#include "base/named.h"

namespace faultline::attack {

namespace {

constexpr std::array kCatalogue = {
    AttackEntry{"fgsm", "one gradient step of length eps (Goodfellow et al. 2015)", &make_fgsm},
    AttackEntry{"bim", "gradient steps from the clean image (Kurakin et al. 2017)", &make_bim},
    AttackEntry{"pgd", "gradient steps from a random start, with restarts (Madry et al. 2018)", &make_pgd},
};

}  // namespace

std::span<const AttackEntry> attack_catalogue() {
  return kCatalogue;
}

std::unique_ptr<Attack> make_attack(std::string_view name, const AttackOptions& options) {
  return named(attack_catalogue(), name, "attack").make(options);
}

}  // namespace faultline::attack
