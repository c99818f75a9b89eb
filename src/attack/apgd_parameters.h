#pragma once

#include "attack/apgd.h"
#include "attack/parameters.h"

namespace faultline::attack {

// What the three attacks of Auto-PGD share.
inline constexpr std::array kApgdParameters = {
    with_default(kStepsParameter, "100"), kRestartsParameter,
    real_parameter("rho", "0.75", 0, 1, "share of a window's steps that must raise the score")};

// But for the objective and the targets.
Apgd apgd_of(const Settings& settings);

}  // namespace faultline::attack
