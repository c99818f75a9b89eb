#include "attack/deepfool.h"

#include <algorithm>
#include <cmath>

#include "attack/attack_of.h"
#include "attack/boundaries.h"
#include "attack/largest_others.h"
#include "attack/minimal_parameters.h"
#include "attack/norm.h"
#include "attack/retain.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

// The walk of one chunk's images.
class DeepFoolWalk {
 public:
  DeepFoolWalk(const DeepFool& deepfool, Chunk& chunk)
      : deepfool_(deepfool),
        chunk_(chunk),
        smallest_(deepfool.norm, deepfool.eps, chunk),
        boundaries_(chunk, deepfool.goal, candidates()),
        moves_({chunk.size(), chunk.clean(0).elements()}) {}

  void run() {
    smallest_.begin();
    for (int step = 1; step <= deepfool_.steps && chunk_.active() > 0 && chunk_.step(); ++step) {
      boundaries_.linearise();
      parallel_for(chunk_.active(), [this](std::int64_t k) { move(static_cast<int>(k)); });
      chunk_.batch().forward();
      retain(chunk_.batch(), [&](int k) { return !smallest_.offer(k, 0, step); });
    }
  }

 private:
  std::vector<std::vector<int>> candidates() const {
    std::vector<std::vector<int>> all;
    for (int image = 0; image < chunk_.size(); ++image) {
      all.push_back(
          largest_others(chunk_.clean_logits(image), chunk_.aim(image).label, deepfool_.classes - 1));
    }
    return all;
  }

  void move(int k) {
    const std::optional<int> nearest = boundaries_.nearest(deepfool_.norm, k);
    if (!nearest) return;
    const int image = chunk_.image(k);
    const auto r = moves_.row(image).values();
    add_step(std::abs(boundaries_.value(k, *nearest)), boundaries_.gradient(k, *nearest), r);
    const TensorView clean = chunk_.clean(image);
    const MutableTensorView point = chunk_.batch().point(k);
    for (std::int64_t i = 0; i < point.elements(); ++i) {
      const double moved =
          static_cast<double>(clean[i]) + (1 + deepfool_.overshoot) * r[static_cast<std::size_t>(i)];
      point[i] = static_cast<float>(std::clamp(moved, 0.0, 1.0));
    }
  }

  void add_step(double f, TensorView w, std::span<double> r) const {
    const bool is_linf = deepfool_.norm == Norm::linf;
    const double length = norm_of(dual(deepfool_.norm), w.values());
    for (std::int64_t i = 0; i < w.elements(); ++i) {
      const auto g = static_cast<double>(w[i]);
      const double direction = is_linf ? (g > 0 ? 1 : g < 0 ? -1 : 0) : g / length;
      r[static_cast<std::size_t>(i)] += f / length * direction;
    }
  }

  const DeepFool& deepfool_;
  Chunk& chunk_;
  Smallest smallest_;
  Boundaries boundaries_;
  DoubleTensor moves_;  // [size, elements]: r of each image
};

}  // namespace

PassCount cost(const DeepFool& deepfool) {
  const std::int64_t boundaries = deepfool.goal == Goal::targeted ? 1 : deepfool.classes - 1;
  return {2 + deepfool.steps, deepfool.steps * boundaries};
}

std::vector<AttackedImage> run(const DeepFool& deepfool, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  const ChunkTask task{.name = "deepfool",
                       .objective = {.goal = deepfool.goal, .loss = Loss::margin},
                       .steps = deepfool.steps};
  return attack_in_chunks(task, plan, input, control,
                          [&](Chunk& chunk) { DeepFoolWalk(deepfool, chunk).run(); });
}

namespace {

constexpr std::array kDeepFoolParameters = {
    with_default(kNormParameter, "l2"),
    kLimitParameter,
    kReachableGoalParameter,
    with_default(kStepsParameter, "50"),
    kCandidatesParameter,
    real_parameter("overshoot", "0.02", 0, 100, "how far beyond the boundary, relative to the perturbation"),
};

std::unique_ptr<Attack> make_deepfool(const Settings& settings) {
  return attack_of(settings, DeepFool{.norm = chosen_norm(settings),
                                      .goal = chosen_goal(settings),
                                      .steps = settings.integer("steps"),
                                      .classes = settings.integer("classes"),
                                      .overshoot = settings.real("overshoot"),
                                      .eps = chosen_limit(settings)});
}

}  // namespace

constinit const AttackEntry kDeepFool = {"deepfool", "steps to the nearest linearised decision boundary",
                                         "Moosavi-Dezfooli et al. 2016, arXiv 1511.04599",
                                         kDeepFoolParameters, &make_deepfool};

}  // namespace faultline::attack
