#pragma once

#include <array>
#include <string_view>

#include "attack/entry.h"
#include "attack/parameters.h"
#include "attack/smallest.h"

namespace faultline::attack {

// The parameters that minimal-norm attacks share.

inline constexpr std::array<std::string_view, 2> kReachableGoals = {kGoalNames[0], kGoalNames[1]};
inline constexpr Parameter kReachableGoalParameter =
    choice_parameter("goal", "untargeted", kReachableGoals, "any class but the label, or the target");

// kNoLimit.
double no_limit(const Settings& settings);
inline constexpr Parameter kLimitParameter = with_formula(
    pixels_parameter("eps", "", kNoLimit, "in the norm, pixel units: a larger perturbation is no success"),
    "no limit", &no_limit);
inline constexpr Parameter kCandidatesParameter = integer_parameter(
    "classes", "10", 2, 1'000'000, "those with the largest clean logits, the label's included");
inline constexpr Parameter kConfidenceParameter =
    real_parameter("confidence", "0", 0, 1e6, "how far above the others the wrong logit is to be");
inline constexpr Parameter kBinaryStepsParameter =
    integer_parameter("binary_steps", "9", 1, 100, "optimisations, each with another weight of the logits");
inline constexpr Parameter kInitialWeightParameter =
    real_parameter("initial_weight", "1e-3", 1e-9, 1e9, "c: the first weight of the logits in the loss");
inline constexpr Parameter kAbortEarlyParameter = flag_parameter(
    "abort_early", true, "gives an optimisation up when its loss has not fallen in a tenth of the steps");

double chosen_limit(const Settings& settings);

}  // namespace faultline::attack
