#include "attack/fmn.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "attack/attack_of.h"
#include "attack/ball_projection.h"
#include "attack/cosine_decay.h"
#include "attack/minimal_parameters.h"
#include "attack/norm.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

constexpr double kLastGamma = 0.001;

struct FmnState {
  std::vector<double> d;
  double size = 0;  // e
  bool is_adversarial = false;
  bool was_found = false;  // an adversarial point, whatever its size
  double best = 0;         // the smallest of them; of the corner at first
};

// The descent of one chunk's images.
class FmnDescent {
 public:
  FmnDescent(const Fmn& fmn, Chunk& chunk) : fmn_(fmn), chunk_(chunk), smallest_(fmn.norm, fmn.eps, chunk) {
    for (int image = 0; image < chunk.size(); ++image) {
      const double corner = norm_to_corner(chunk.clean(image));
      corners_.push_back(corner);
      states_.push_back({.d = std::vector<double>(chunk.clean(image).values().size()),
                         .size = fmn.norm == Norm::l0 ? 1.0 : 0.0,
                         .best = corner});
    }
  }

  void run() {
    smallest_.begin();
    for (int step = 0; step < fmn_.steps && chunk_.active() > 0 && chunk_.step(); ++step) {
      chunk_.score_gradients();
      parallel_for(chunk_.active(), [&](std::int64_t k) { move(static_cast<int>(k), step); });
      chunk_.batch().forward();
      for (int k = 0; k < chunk_.active(); ++k) judge(k, step + 1);
    }
  }

 private:
  double norm_to_corner(TensorView clean) const {
    NormSum sum(fmn_.norm);
    for (const float x : clean.values()) sum.add(static_cast<double>(std::max(x, 1 - x)));
    return sum.value();
  }

  void judge(int k, int steps) {
    FmnState& state = states_[static_cast<std::size_t>(chunk_.image(k))];
    state.is_adversarial = smallest_.offer(k, 0, steps);
    if (!state.is_adversarial) return;
    state.was_found = true;
    state.best = std::min(state.best, norm_of(fmn_.norm, state.d));
  }

  double next_size(const FmnState& state, double gamma, double score, TensorView gradient) const {
    if (fmn_.norm == Norm::l0) {
      if (!state.is_adversarial) return std::max(state.size + 1, std::floor(state.size * (1 + gamma)));
      const double smaller = std::min(state.size - 1, std::floor(state.size * (1 - gamma)));
      return std::max(0.0, std::min(smaller, state.best));
    }
    if (state.is_adversarial) return std::min(state.size * (1 - gamma), state.best);
    if (state.was_found) return state.size * (1 + gamma);
    const double length = norm_of(dual(fmn_.norm), gradient.values());
    const double to_boundary =
        length > 0 ? std::abs(score) / length : std::numeric_limits<double>::infinity();
    return norm_of(fmn_.norm, state.d) + to_boundary;
  }

  void move(int k, int step) {
    const int image = chunk_.image(k);
    FmnState& state = states_[static_cast<std::size_t>(image)];
    const TensorView gradient = chunk_.batch().gradient(k);
    const double gamma = cosine_decay(fmn_.gamma, kLastGamma, step, fmn_.steps);
    const double step_size = cosine_decay(fmn_.step_size, fmn_.step_size / 100, step, fmn_.steps);
    state.size = std::min(next_size(state, gamma, chunk_.judge(k).score, gradient),
                          corners_[static_cast<std::size_t>(image)]);
    const double length = norm_of(Norm::l2, gradient.values());
    if (length > 0) {
      for (std::size_t i = 0; i < state.d.size(); ++i) {
        state.d[i] += step_size / length * static_cast<double>(gradient[static_cast<std::int64_t>(i)]);
      }
    }
    project_onto_ball(fmn_.norm, state.size, state.d);
    write_point(state, chunk_.clean(image), chunk_.batch().point(k));
  }

  static void write_point(FmnState& state, TensorView clean, MutableTensorView point) {
    for (std::size_t i = 0; i < state.d.size(); ++i) {
      const auto at = static_cast<std::int64_t>(i);
      const auto origin = static_cast<double>(clean[at]);
      const double x = std::clamp(origin + state.d[i], 0.0, 1.0);
      state.d[i] = x - origin;
      point[at] = static_cast<float>(x);
    }
  }

  const Fmn& fmn_;
  Chunk& chunk_;
  Smallest smallest_;
  std::vector<double> corners_;   // by image: the largest perturbation that the box leaves room for
  std::vector<FmnState> states_;  // by image
};

}  // namespace

PassCount cost(const Fmn& fmn) {
  return {2 + fmn.steps, fmn.steps};
}

std::vector<AttackedImage> run(const Fmn& fmn, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  const ChunkTask task{
      .name = "fmn", .objective = {.goal = fmn.goal, .loss = Loss::margin}, .steps = fmn.steps};
  return attack_in_chunks(task, plan, input, control, [&](Chunk& chunk) { FmnDescent(fmn, chunk).run(); });
}

namespace {

constexpr std::array kFmnParameters = {
    choice_parameter("norm", "l2", kNormNames,
                     "how large a perturbation is: largest value, length, sum of absolute values (l1), "
                     "number of values (l0)"),
    kLimitParameter,
    kReachableGoalParameter,
    with_default(kStepsParameter, "100"),
    pixels_parameter("step_size", "1", static_cast<double>(kLargestL2),
                     "of the first step, L2; the last is near a hundredth"),
    real_parameter("gamma", "0.05", 0, 1, "by how much the first steps change the ball's size"),
};

std::unique_ptr<Attack> make_fmn(const Settings& settings) {
  return attack_of(settings, Fmn{.norm = chosen_norm(settings),
                                 .goal = chosen_goal(settings),
                                 .steps = settings.integer("steps"),
                                 .step_size = static_cast<double>(settings.pixels("step_size")),
                                 .gamma = settings.real("gamma"),
                                 .eps = chosen_limit(settings)});
}

}  // namespace

constinit const AttackEntry kFmn = {"fmn", "gradient steps in a ball whose size follows success",
                                    "Pintor et al. 2021, arXiv 2102.12827", kFmnParameters, &make_fmn};

}  // namespace faultline::attack
