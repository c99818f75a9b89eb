#include "attack/ascent_attack.h"

#include "attack/parameters.h"

namespace faultline::attack {

namespace {

class AscentAttack final : public Attack {
 public:
  AscentAttack(const Settings& settings, const Ascent& ascent) : Attack(settings), ascent_(ascent) {}

  PassCount cost() const override { return attack::cost(ascent_); }
  std::vector<AttackedImage> run(engine::Plan& plan, const AttackInput& input,
                                 const RunControl& control) const override {
    return ascend(ascent_, plan, input, control);
  }

 private:
  Ascent ascent_;
};

}  // namespace

std::unique_ptr<Attack> make_ascent_attack(const Settings& settings, Ascent ascent) {
  ascent.name = settings.name();
  ascent.objective = objective_of(settings);
  return std::make_unique<AscentAttack>(settings, ascent);
}

}  // namespace faultline::attack
