#pragma once

#include <array>
#include <memory>

#include "attack/momentum_ascent.h"
#include "attack/parameters.h"

namespace faultline::attack {

// The parameters of every momentum ascent beside its ball's and objective's, and how they become an attack.

double momentum_step_size(const Settings& settings);

inline constexpr Parameter kDecayParameter =
    real_parameter("decay", "1", 0, 1000, "share of the running mean of gradients that a step keeps");
inline constexpr std::array kMomentumParameters = {
    kStepsParameter, with_formula(kStepSizeParameter, "eps / steps", &momentum_step_size), kDecayParameter,
    kEarlyStopParameter};

// `ascent` holds what is special to the attack; name, ball, objective and the parameters above are read from
// the settings. A table without `norm` means linf.
std::unique_ptr<Attack> make_momentum_attack(const Settings& settings, MomentumAscent ascent);

}  // namespace faultline::attack
