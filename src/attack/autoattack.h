#pragma once

#include <array>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "attack/attack.h"
#include "attack/entry.h"
#include "attack/options.h"

namespace faultline::attack {

// AutoAttack, version `standard` (Croce & Hein 2020, section 4, with the constants of the authors' code):
// four attacks in turn, each only on the images that all before it left robust.
//   apgd-ce: 100 steps; apgd-t: 9 targets of 100 steps; fab-t: 9 targets of 100 steps; square: 5000 queries;
//   one restart each. An image whose clean prediction is wrong is a success of the first stage as it is.
// What an image gets is what the attack that succeeded makes of it alone (apgd.h, fab.h, square.h), and an
// image that is robust the point of the largest margin of all stages. The goal is untargeted, and all
// verdicts tell the margin.
struct AutoAttack {
  Ball ball = {};  // linf or l2
  int steps = 100;
  int targets = 9;
  int queries = 5000;
};

inline constexpr std::array<std::string_view, 4> kAutoAttackStages = {"apgd-ce", "apgd-t", "fab-t", "square"};

// How far it is with one image.
struct AutoAttackImage {
  int stages = 0;          // made; the image is finished after the last one, or after a success
  AttackedImage attacked;  // nothing before the first stage. `restart` is the stage it is of; passes are all
                           // stages'
};
bool is_finished(const AutoAttackImage& image);

// How far it is with all images: [N], in order; AutoAttackState(N) is the beginning.
using AutoAttackState = std::vector<AutoAttackImage>;

// What every image could take, if no stage succeeds.
PassCount cost(const AutoAttack& autoattack);

// Goes on from the state to the end, stage by stage, max_batch images at a time, after each of which
// `on_progress`, which may keep the state, is called. A run that is stopped or fails leaves the state as it
// was at the last call; given back with the same plan, input and attack it ends as if it had not been
// stopped. Progress is told in stages of images. Throws what Attack::run throws, Error{usage} for networks of
// fewer than 4 classes.
void continue_autoattack(const AutoAttack& autoattack, engine::Plan& plan, const AttackInput& input,
                         const RunControl& control, AutoAttackState& state,
                         const std::function<void()>& on_progress);

// What settings of the entry say.
AutoAttack autoattack_of(const Settings& settings);
extern const AttackEntry kAutoAttack;

// See Attack::run: from the beginning, keeping no state.
std::vector<AttackedImage> run(const AutoAttack& autoattack, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

}  // namespace faultline::attack
