#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "attack/critical_strength.h"
#include "base/settings.h"
#include "store/rows.h"

namespace faultline::study {

// At which strength an attack is made (method.md, section 3).
enum class Regime {
  critical,  // eps*, the smallest eps that flips the image
  doubled,   // 2 eps*
  fixed,     // one eps for all images; or the attack's own strength if it takes none
  given,     // no attack: perturbed inputs made elsewhere
};
std::string_view name_of(Regime regime);

// How images are perturbed: one row of the table `condition`.
struct Condition {
  std::int64_t number = 0;
  std::int64_t network = 0;        // 0 the model, else a twin
  std::int64_t attack_number = 0;  // of the attacks that are studied
  Settings attack;                 // of "given" not read
  Regime regime = Regime::fixed;
  std::optional<float> eps = {};  // of `fixed`, if the attack takes one
  // Whether the costly tests of causes are made here: once an attack, at 2 eps* where that is looked for.
  bool is_main = false;

  store::ConditionRow row() const;
};

// What is asked of a study's strengths.
struct Regimes {
  bool critical = true;
  bool doubled = true;
  bool fixed = true;
  std::vector<float> eps = {};  // of `fixed`; none: each attack's own
};

// An attack and the strengths that it is made at.
struct StudiedAttack {
  Settings attack;
  Regimes regimes = {};
};

// Of every attack its conditions: eps*, 2 eps* and each fixed eps. Attacks that look for the smallest
// perturbation by themselves have one, at their own strength.
//   first_number: of the first one.
// Throws Error{usage} for an eps that an attack does not take, or regimes that leave an attack none.
std::vector<Condition> conditions_of(std::span<const StudiedAttack> attacks, std::int64_t network,
                                     std::int64_t first_number);
// The one of a study of perturbed inputs made elsewhere.
Condition given_condition(std::int64_t network = 0);

// Whether the attack is made at an eps that is to be chosen, and is not a search for the smallest
// perturbation.
bool takes_eps(const Settings& attack);
// Where its eps* is looked for: Linf 0.25/255 to 64/255, L2 1/16 to 64 (pixel units).
attack::EpsBracket eps_bracket(const Settings& attack);
// "2/255" for Linf, "0.5" for L2.
std::string eps_text(const Settings& attack, float eps);

}  // namespace faultline::study
