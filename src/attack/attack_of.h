#pragma once

#include <memory>
#include <utility>

#include "attack/attack.h"

namespace faultline::attack {

// Unqualified, so that they are looked for where the options are defined; within the class its members would
// hide them.
template <class Options>
PassCount cost_of(const Options& options) {
  return cost(options);
}
template <class Options>
std::vector<AttackedImage> run_of(const Options& options, engine::Plan& plan, const AttackInput& input,
                                  const RunControl& control) {
  return run(options, plan, input, control);
}

// What a catalogue entry read its settings into (Apgd, Fab, ...) as an Attack: its cost(options) and
// run(options, ...).
template <class Options>
std::unique_ptr<Attack> attack_of(const Settings& settings, Options options) {
  class Made final : public Attack {
   public:
    Made(const Settings& chosen, Options made_of) : Attack(chosen), options_(std::move(made_of)) {}
    PassCount cost() const override { return cost_of(options_); }
    std::vector<AttackedImage> run(engine::Plan& plan, const AttackInput& input,
                                   const RunControl& control) const override {
      return run_of(options_, plan, input, control);
    }

   private:
    Options options_;
  };
  return std::make_unique<Made>(settings, std::move(options));
}

}  // namespace faultline::attack
