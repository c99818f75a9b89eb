#include "attack/catalogue.h"

#include <array>

#include "attack/apgd_ce.h"
#include "attack/apgd_dlr.h"
#include "attack/apgd_t.h"
#include "attack/autoattack.h"
#include "attack/bim.h"
#include "attack/cw.h"
#include "attack/ddn.h"
#include "attack/deepfool.h"
#include "attack/di_fgsm.h"
#include "attack/ead.h"
#include "attack/fab.h"
#include "attack/fgsm.h"
#include "attack/fmn.h"
#include "attack/layer_attack.h"
#include "attack/mi_fgsm.h"
#include "attack/ni_fgsm.h"
#include "attack/pgd.h"
#include "attack/pgd_l2.h"
#include "attack/rfgsm.h"
#include "attack/square_attack.h"
#include "attack/ti_fgsm.h"
#include "attack/vmi_fgsm.h"
#include "base/named.h"

namespace faultline::attack {

std::span<const AttackEntry> attack_catalogue() {
  static const std::array kCatalogue = {
      kFgsm,   kBim,     kPgd,           kPgdL2,   kRfgsm, kMiFgsm, kNiFgsm,      kDiFgsm,
      kTiFgsm, kVmiFgsm, kApgdCe,        kApgdDlr, kApgdT, kSquare, kAutoAttack,  kDeepFool,
      kFab,    kFabT,    kCarliniWagner, kDdn,     kFmn,   kEad,    kLayerAttack,
  };
  return kCatalogue;
}

Settings attack_settings(std::string_view name, std::initializer_list<std::string_view> assignments) {
  const AttackEntry& entry = named(attack_catalogue(), name, "attack");
  Settings settings("attack", entry.name, entry.parameters);
  for (const std::string_view assignment : assignments) settings.set_assignment(assignment);
  return settings;
}

std::unique_ptr<Attack> make_attack(const Settings& settings) {
  return named(attack_catalogue(), settings.name(), "attack").make(settings);
}

std::unique_ptr<Attack> make_attack(std::string_view name,
                                    std::initializer_list<std::string_view> assignments) {
  return make_attack(attack_settings(name, assignments));
}

}  // namespace faultline::attack
