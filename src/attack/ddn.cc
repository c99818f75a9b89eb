#include "attack/ddn.h"

#include <algorithm>
#include <cmath>

#include "attack/attack_of.h"
#include "attack/cosine_decay.h"
#include "attack/minimal_parameters.h"
#include "attack/norm.h"
#include "attack/retain.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

struct DdnState {
  std::vector<double> d;
  double length = 0;  // e
  bool is_adversarial = false;
};

// The descent of one chunk's images.
class DdnDescent {
 public:
  DdnDescent(const Ddn& ddn, Chunk& chunk)
      : ddn_(ddn),
        chunk_(chunk),
        smallest_(Norm::l2, ddn.eps, chunk),
        states_(static_cast<std::size_t>(chunk.size()),
                DdnState{std::vector<double>(chunk.clean(0).values().size()), ddn.initial_norm}) {}

  void run() {
    smallest_.begin();
    for (int step = 0; step < ddn_.steps && chunk_.active() > 0 && chunk_.step(); ++step) {
      chunk_.score_gradients();
      const double step_size = cosine_decay(ddn_.step_size, 0.01, step, ddn_.steps);
      parallel_for(chunk_.active(), [&](std::int64_t k) { move(static_cast<int>(k), step_size); });
      chunk_.batch().forward();
      for (int k = 0; k < chunk_.active(); ++k) {
        states_[static_cast<std::size_t>(chunk_.image(k))].is_adversarial = smallest_.offer(k, 0, step + 1);
      }
    }
  }

 private:
  void move(int k, double step_size) {
    const int image = chunk_.image(k);
    DdnState& state = states_[static_cast<std::size_t>(image)];
    const TensorView gradient = chunk_.batch().gradient(k);
    const double gradient_norm = norm_of(Norm::l2, gradient.values());
    if (gradient_norm > 0) {
      for (std::size_t i = 0; i < state.d.size(); ++i) {
        state.d[i] += step_size / gradient_norm * static_cast<double>(gradient[static_cast<std::int64_t>(i)]);
      }
    }
    state.length *= state.is_adversarial ? 1 - ddn_.gamma : 1 + ddn_.gamma;
    const double norm = norm_of(Norm::l2, state.d);
    const double scale = norm > 0 ? state.length / norm : 0;
    const TensorView clean = chunk_.clean(image);
    const MutableTensorView point = chunk_.batch().point(k);
    for (std::size_t i = 0; i < state.d.size(); ++i) {
      const auto at = static_cast<std::int64_t>(i);
      const auto origin = static_cast<double>(clean[at]);
      double x = std::clamp(origin + scale * state.d[i], 0.0, 1.0);
      if (ddn_.quantise && !chunk_.is_masked(image, at)) x = std::round(255 * x) / 255;
      state.d[i] = x - origin;
      point[at] = static_cast<float>(x);
    }
  }

  const Ddn& ddn_;
  Chunk& chunk_;
  Smallest smallest_;
  std::vector<DdnState> states_;  // by image
};

}  // namespace

PassCount cost(const Ddn& ddn) {
  return {2 + ddn.steps, ddn.steps};
}

std::vector<AttackedImage> run(const Ddn& ddn, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  const ChunkTask task{
      .name = "ddn", .objective = {.goal = ddn.goal, .loss = Loss::cross_entropy}, .steps = ddn.steps};
  return attack_in_chunks(task, plan, input, control, [&](Chunk& chunk) { DdnDescent(ddn, chunk).run(); });
}

namespace {

constexpr std::array<std::string_view, 1> kDdnNorms = {"l2"};
constexpr std::array kDdnParameters = {
    choice_parameter("norm", "l2", kDdnNorms, "how large a perturbation is"),
    kLimitParameter,
    kReachableGoalParameter,
    with_default(kStepsParameter, "100"),
    pixels_parameter("initial_norm", "1", static_cast<double>(kLargestL2),
                     "length of the first perturbation, L2"),
    real_parameter("gamma", "0.05", 0, 1, "by how much a step lengthens or shortens the perturbation"),
    pixels_parameter("step_size", "1", static_cast<double>(kLargestL2),
                     "of the first step, L2; the last is near 0.01"),
    flag_parameter("quantise", false, "round every point to 256 levels"),
};

std::unique_ptr<Attack> make_ddn(const Settings& settings) {
  return attack_of(settings, Ddn{.goal = chosen_goal(settings),
                                 .steps = settings.integer("steps"),
                                 .initial_norm = static_cast<double>(settings.pixels("initial_norm")),
                                 .gamma = settings.real("gamma"),
                                 .step_size = static_cast<double>(settings.pixels("step_size")),
                                 .quantise = settings.flag("quantise"),
                                 .eps = chosen_limit(settings)});
}

}  // namespace

constinit const AttackEntry kDdn = {"ddn", "direction by the gradient, length by success alone",
                                    "Rony et al. 2019, arXiv 1811.09600", kDdnParameters, &make_ddn};

}  // namespace faultline::attack
