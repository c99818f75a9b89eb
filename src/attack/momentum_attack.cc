#include "attack/momentum_attack.h"

namespace faultline::attack {

namespace {

class MomentumAttack final : public Attack {
 public:
  MomentumAttack(const Settings& settings, const MomentumAscent& ascent)
      : Attack(settings), ascent_(ascent) {}

  PassCount cost() const override { return attack::cost(ascent_); }
  std::vector<AttackedImage> run(engine::Plan& plan, const AttackInput& input,
                                 const RunControl& control) const override {
    return attack::run(ascent_, plan, input, control);
  }

 private:
  MomentumAscent ascent_;
};

}  // namespace

double momentum_step_size(const Settings& settings) {
  return static_cast<double>(settings.pixels("eps") / static_cast<float>(settings.integer("steps")));
}

std::unique_ptr<Attack> make_momentum_attack(const Settings& settings, MomentumAscent ascent) {
  ascent.name = settings.name();
  ascent.ball = settings.has("norm") ? ball_of(settings) : Ball{Norm::linf, settings.pixels("eps")};
  ascent.objective = objective_of(settings);
  ascent.steps = settings.integer("steps");
  ascent.step_size = settings.pixels("step_size");
  ascent.decay = settings.real("decay");
  ascent.early_stop = settings.flag("early_stop");
  return std::make_unique<MomentumAttack>(settings, ascent);
}

}  // namespace faultline::attack
