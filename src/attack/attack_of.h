#pragma once

#include <memory>
#include <utility>

#include "attack/attack.h"

namespace faultline::attack {

// Unqualified, so that they are looked for where a core is defined; within the class its members would hide
// them.
template <class Core>
PassCount cost_of(const Core& core) {
  return cost(core);
}
template <class Core>
std::vector<AttackedImage> run_core(const Core& core, engine::Plan& plan, const AttackInput& input,
                                    const RunControl& control) {
  return run(core, plan, input, control);
}

// What settings were read into (Apgd, Square, ...) as an Attack: its cost(core) and run(core, ...).
template <class Core>
std::unique_ptr<Attack> attack_of(const Settings& settings, Core core) {
  class Made final : public Attack {
   public:
    Made(const Settings& chosen, Core made_of) : Attack(chosen), core_(std::move(made_of)) {}
    PassCount cost() const override { return cost_of(core_); }
    std::vector<AttackedImage> run(engine::Plan& plan, const AttackInput& input,
                                   const RunControl& control) const override {
      return run_core(core_, plan, input, control);
    }

   private:
    Core core_;
  };
  return std::make_unique<Made>(settings, std::move(core));
}

}  // namespace faultline::attack
