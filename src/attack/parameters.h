#pragma once

#include <array>
#include <string_view>

#include "attack/options.h"
#include "base/parameter.h"
#include "base/settings.h"

namespace faultline::attack {

// The parameters that attacks share, and how they are read. An attack's own are in its file.

// No perturbation of an image is longer: sqrt(3 * 2^26), for 3 channels of 8192 x 8192 pixels.
inline constexpr float kLargestL2 = 14189.0F;

// 4/255 for linf, 1 for l2.
double default_eps(const Settings& settings);

inline constexpr std::array kBallNorms = {kNormNames[0], kNormNames[1]};
inline constexpr Parameter kNormParameter = choice_parameter(
    "norm", "linf", kBallNorms, "size of the perturbation: its largest value (linf) or its length (l2)");
inline constexpr Parameter kEpsParameter =
    with_formula(pixels_parameter("eps", "", static_cast<double>(kLargestL2),
                                  "largest perturbation, in the norm, pixel units; linf: at most 1"),
                 "4/255, for l2 1", &default_eps);
// Of attacks that know one norm only, and have no parameter for it.
inline constexpr Parameter kLinfEpsParameter =
    pixels_parameter("eps", "4/255", 1, "largest perturbation of any value, pixel units");
inline constexpr Parameter kL2EpsParameter = pixels_parameter(
    "eps", "1", static_cast<double>(kLargestL2), "largest length of the perturbation, pixel units");
inline constexpr Parameter kGoalParameter = choice_parameter(
    "goal", "untargeted", kGoalNames, "any class but the label, the target, or the label, surer (boost)");
inline constexpr Parameter kLossParameter =
    choice_parameter("loss", "cross-entropy", kLossNames,
                     "what is ascended; margin and dlr are of logits (docs/catalogue.md)");
// ball_of() and objective_of() read them.
inline constexpr std::array kBallAndObjective = {kNormParameter, kEpsParameter, kGoalParameter,
                                                 kLossParameter};

inline constexpr Parameter kStepsParameter = integer_parameter("steps", "10", 1, 1'000'000, "gradient steps");
inline constexpr Parameter kStepSizeParameter = pixels_parameter(
    "step_size", "", static_cast<double>(kLargestL2), "length of a step, in the norm, pixel units");
inline constexpr Parameter kRandomStartParameter =
    flag_parameter("random_start", true, "start at a random point of the ball, not at the image");
inline constexpr Parameter kRestartsParameter =
    integer_parameter("restarts", "1", 1, 10'000, "runs from random starts, of which the best is kept");
inline constexpr Parameter kEarlyStopParameter =
    flag_parameter("early_stop", false, "an image that succeeds takes no further steps");

// The value of the parameter `norm`.
Norm chosen_norm(const Settings& settings);
// The value of the parameter `goal`.
Goal chosen_goal(const Settings& settings);
// Throws Error{usage} if eps is above 1 for linf.
Ball ball_of(const Settings& settings);
Objective objective_of(const Settings& settings);

}  // namespace faultline::attack
