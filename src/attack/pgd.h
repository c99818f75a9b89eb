#pragma once

#include <array>

#include "attack/entry.h"
#include "attack/parameters.h"

namespace faultline::attack {

// Projected gradient descent (Madry et al. 2018, section 2.1): projected steps from a random point of the
// ball, the best of several restarts (ascent.h).
extern const AttackEntry kPgd;

// For its form with a fixed norm: its parameters beside those of ball and objective, and the attack made of
// them.
double pgd_step_size(const Settings& settings);
inline constexpr std::array kPgdOwnParameters = {
    kStepsParameter, with_formula(kStepSizeParameter, "2.5 eps / steps", &pgd_step_size),
    kRandomStartParameter, kRestartsParameter, kEarlyStopParameter};
std::unique_ptr<Attack> make_pgd_in(const Ball& ball, const Settings& settings);

}  // namespace faultline::attack
