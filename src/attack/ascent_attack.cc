#include "attack/ascent_attack.h"

#include <string>

#include "base/error.h"

namespace faultline::attack {

namespace {

class AscentAttack final : public Attack {
 public:
  explicit AscentAttack(const Ascent& ascent) : ascent_(ascent) { check(ascent_); }

  std::string_view name() const override { return ascent_.name; }
  AttackOptions options() const override {
    return {.ball = ascent_.ball,
            .objective = ascent_.objective,
            .steps = ascent_.steps,
            .step_size = ascent_.step_size,
            .random_start = ascent_.random_start,
            .restarts = ascent_.restarts,
            .early_stop = ascent_.early_stop};
  }
  PassCount cost() const override { return attack::cost(ascent_); }
  std::vector<AttackedImage> run(engine::Plan& plan, const AttackInput& input,
                                 const RunControl& control) const override {
    return ascend(ascent_, plan, input, control);
  }

 private:
  Ascent ascent_;
};

}  // namespace

std::unique_ptr<Attack> make_ascent_attack(const Ascent& ascent) {
  return std::make_unique<AscentAttack>(ascent);
}

void refuse_if_set(bool is_set, const char* attack, const char* option) {
  if (!is_set) return;
  throw Error(ErrorKind::usage, std::string(attack) + " takes no option '" + option + "'");
}

}  // namespace faultline::attack
