#include "attack/ascent_attack.h"

#include <string>

#include "base/error.h"

namespace faultline::attack {

namespace {

class AscentAttack final : public Attack {
 public:
  explicit AscentAttack(const Ascent& ascent) : ascent_(ascent) { check(ascent_); }

  std::string_view name() const override { return ascent_.name; }
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
