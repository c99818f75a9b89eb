#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "attack/entry.h"
#include "attack/parameters.h"
#include "attack/smallest.h"

namespace faultline::attack {

// Where a member function hides the options' own.
template <class Options>
PassCount cost_of(const Options& options) {
  return cost(options);
}
template <class Options>
std::vector<AttackedImage> run_of(const Options& options, engine::Plan& plan, const AttackInput& input,
                                  const RunControl& control) {
  return run(options, plan, input, control);
}

// An attack with options of its own type, of which there are functions run and cost: a catalogue entry's make
// reads the options from the settings.
template <class Options>
class MinimalAttack final : public Attack {
 public:
  MinimalAttack(const Settings& settings, const Options& options) : Attack(settings), options_(options) {}

  PassCount cost() const override { return cost_of(options_); }
  std::vector<AttackedImage> run(engine::Plan& plan, const AttackInput& input,
                                 const RunControl& control) const override {
    return run_of(options_, plan, input, control);
  }

 private:
  Options options_;
};

template <class Options>
std::unique_ptr<Attack> make_minimal(const Settings& settings, const Options& options) {
  return std::make_unique<MinimalAttack<Options>>(settings, options);
}

// The parameters that they share.

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
