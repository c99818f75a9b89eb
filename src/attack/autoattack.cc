#include "attack/autoattack.h"

#include <algorithm>

#include "attack/apgd.h"
#include "attack/attack_of.h"
#include "attack/dlr.h"
#include "attack/fab.h"
#include "attack/input_check.h"
#include "attack/input_subset.h"
#include "attack/parameters.h"
#include "attack/square.h"
#include "base/error.h"

namespace faultline::attack {

namespace {

constexpr int kStages = static_cast<int>(kAutoAttackStages.size());

// Verdicts of all stages tell the margin, as those of fab-t and square do by themselves.
Apgd apgd_ce(const AutoAttack& all) {
  return {.name = "apgd-ce", .ball = all.ball, .verdict_loss = Loss::margin, .steps = all.steps};
}

Apgd apgd_t(const AutoAttack& all) {
  return {.name = "apgd-t",
          .ball = all.ball,
          .targets = all.targets,
          .verdict_loss = Loss::margin,
          .steps = all.steps};
}

Fab fab_t(const AutoAttack& all) {
  return {.by_target = true,
          .norm = all.ball.norm,
          .steps = all.steps,
          .classes = all.targets + 1,
          .eps = static_cast<double>(all.ball.eps)};
}

Square square(const AutoAttack& all) {
  return {.ball = all.ball, .queries = all.queries};
}

std::vector<AttackedImage> run_stage(const AutoAttack& all, int stage, engine::Plan& plan,
                                     const AttackInput& input, const RunControl& control) {
  switch (stage) {
    case 0:
      return run(apgd_ce(all), plan, input, control);
    case 1:
      return run(apgd_t(all), plan, input, control);
    case 2:
      return run(fab_t(all), plan, input, control);
    default:
      return run(square(all), plan, input, control);
  }
}

// Adds what a stage made of an image.
void take(AutoAttackImage& image, AttackedImage attacked) {
  const AttackedImage& before = image.attacked;
  const std::int64_t forward = before.forward_passes + attacked.forward_passes;
  const std::int64_t backward = before.backward_passes + attacked.backward_passes;
  attacked.restart = image.stages;
  if (image.stages == 0 || better(attacked.adversarial, before.adversarial))
    image.attacked = std::move(attacked);
  image.attacked.forward_passes = forward;
  image.attacked.backward_passes = backward;
  ++image.stages;
}

std::int64_t stages_behind(const AutoAttackState& state) {
  std::int64_t stages = 0;
  for (const AutoAttackImage& image : state) stages += is_finished(image) ? kStages : image.stages;
  return stages;
}

// Images whose next stage is this one.
std::vector<int> due(const AutoAttackState& state, int stage) {
  std::vector<int> images;
  for (std::size_t i = 0; i < state.size(); ++i) {
    if (state[i].stages == stage && !is_finished(state[i])) images.push_back(static_cast<int>(i));
  }
  return images;
}

}  // namespace

bool is_finished(const AutoAttackImage& image) {
  return image.stages == kStages || (image.stages > 0 && image.attacked.adversarial.success);
}

PassCount cost(const AutoAttack& all) {
  PassCount sum;
  for (const PassCount& stage :
       {cost(apgd_ce(all)), cost(apgd_t(all)), cost(fab_t(all)), cost(square(all))}) {
    sum.forward += stage.forward;
    sum.backward += stage.backward;
  }
  return sum;
}

void continue_autoattack(const AutoAttack& autoattack, engine::Plan& plan, const AttackInput& input,
                         const RunControl& control, AutoAttackState& state,
                         const std::function<void()>& on_progress) {
  check_input(plan, {}, input);
  check_classes_suffice(plan, kLeastTargetedDlrClasses, "autoattack");
  require(static_cast<std::int64_t>(state.size()) == input.images.shape()[0],
          "autoattack: a state of as many images as the input");
  const std::int64_t total = std::int64_t{kStages} * static_cast<std::int64_t>(state.size());
  for (int stage = 0; stage < kStages; ++stage) {
    const std::vector<int> images = due(state, stage);
    const auto batch = static_cast<std::size_t>(input.max_batch);
    for (std::size_t first = 0; first < images.size(); first += batch) {
      control.report(
          {stages_behind(state), total, std::string(kAutoAttackStages[static_cast<std::size_t>(stage)])});
      control.checkpoint();
      const auto some = std::span(images).subspan(first, std::min(batch, images.size() - first));
      const InputSubset subset(input, some);
      auto attacked = run_stage(autoattack, stage, plan, subset.input(), control.without_progress());
      for (std::size_t k = 0; k < some.size(); ++k) {
        take(state[static_cast<std::size_t>(some[k])], std::move(attacked[k]));
      }
      on_progress();
    }
  }
  control.report({total, total, "autoattack"});
}

std::vector<AttackedImage> run(const AutoAttack& autoattack, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  AutoAttackState state(static_cast<std::size_t>(input.images.shape()[0]));
  continue_autoattack(autoattack, plan, input, control, state, [] {});
  std::vector<AttackedImage> results;
  results.reserve(state.size());
  for (AutoAttackImage& image : state) results.push_back(std::move(image.attacked));
  return results;
}

namespace {

constexpr std::array kParameters = {
    kNormParameter, kEpsParameter, with_default(kStepsParameter, "100"),
    integer_parameter("targets", "9", 1, 1'000'000, "classes that apgd-t and fab-t run towards"),
    integer_parameter("queries", "5000", 1, 1'000'000, "of square")};

std::unique_ptr<Attack> make_autoattack(const Settings& settings) {
  return attack_of(settings, autoattack_of(settings));
}

}  // namespace

AutoAttack autoattack_of(const Settings& settings) {
  return {.ball = ball_of(settings),
          .steps = settings.integer("steps"),
          .targets = settings.integer("targets"),
          .queries = settings.integer("queries")};
}

constinit const AttackEntry kAutoAttack = {
    "autoattack", "apgd-ce, apgd-t, fab-t and square in turn, each on what is still robust",
    "Croce & Hein 2020, arXiv 2003.01690", kParameters, &make_autoattack};

}  // namespace faultline::attack
