#include "attack/ead.h"

#include <algorithm>
#include <cmath>

#include "attack/attack_of.h"
#include "attack/early_abort.h"
#include "attack/hinge.h"
#include "attack/minimal_parameters.h"
#include "attack/norm.h"
#include "attack/retain.h"
#include "attack/weight_search.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

struct EadState {
  EadState(const Ead& ead, std::size_t n) : x(n), y(n), weights(ead.initial_weight) {}
  std::vector<double> x, y;  // as differences from the clean image
  WeightSearch weights;
  bool succeeded = false;  // with the present weight
};

// The optimisations of one chunk's images.
class EadFista {
 public:
  EadFista(const Ead& ead, Chunk& chunk)
      : ead_(ead),
        chunk_(chunk),
        batch_(chunk.batch()),
        smallest_(Norm::l1, ead.eps, chunk),
        hinge_(chunk, ead.goal, ead.confidence),
        abort_(ead.abort_early, ead.steps, chunk.size()),
        states_(static_cast<std::size_t>(chunk.size()), EadState(ead, chunk.clean(0).values().size())) {}

  void run() {
    smallest_.begin();
    search_weights(
        chunk_, ead_.binary_steps, ead_.steps, [this] { begin_round(); },
        [this](int round, int step) { advance(round, step); },
        [this](int image) { of(image).weights.next(of(image).succeeded); });
  }

 private:
  EadState& of(int image) { return states_[static_cast<std::size_t>(image)]; }
  EadState& at(int k) { return of(chunk_.image(k)); }

  void begin_round() {
    abort_.reset();
    for (int k = 0; k < chunk_.active(); ++k) {
      EadState& state = at(k);
      state.succeeded = false;
      std::ranges::fill(state.x, 0.0);
      std::ranges::fill(state.y, 0.0);
    }
  }

  void advance(int round, int step) {
    run_points(&EadState::y);
    retain(batch_, [&](int k) { return !abort_.gives_up(chunk_.image(k), step, loss(k)); });
    if (chunk_.active() == 0) return;
    hinge_.differentiate();
    const double step_size = ead_.step_size * std::sqrt(1 - static_cast<double>(step) / ead_.steps);
    parallel_for(chunk_.active(), [&](std::int64_t k) { iterate(static_cast<int>(k), step, step_size); });
    run_points(&EadState::x);
    for (int k = 0; k < chunk_.active(); ++k) {
      if (smallest_.offer_if(hinge_.value(k) == 0, k, round, step + 1)) at(k).succeeded = true;
    }
  }

  // At y, whose pass was the last.
  double loss(int k) {
    const EadState& state = at(k);
    const double l2 = norm_of(Norm::l2, state.y);
    return state.weights.weight() * hinge_.value(k) + l2 * l2 + ead_.beta * norm_of(Norm::l1, state.y);
  }

  void run_points(std::vector<double> EadState::*differences) {
    parallel_for(chunk_.active(), [&](std::int64_t row) {
      const int k = static_cast<int>(row);
      const std::vector<double>& d = at(k).*differences;
      const TensorView clean = chunk_.clean(chunk_.image(k));
      const MutableTensorView point = batch_.point(k);
      for (std::int64_t i = 0; i < point.elements(); ++i) {
        point[i] = static_cast<float>(static_cast<double>(clean[i]) + d[static_cast<std::size_t>(i)]);
      }
    });
    batch_.forward();
  }

  void iterate(int k, int step, double step_size) {
    EadState& state = at(k);
    const TensorView clean = chunk_.clean(chunk_.image(k));
    const std::optional<TensorView> score = hinge_.score_gradient(k);
    const double weight = state.weights.weight();
    const double momentum = static_cast<double>(step) / (step + 3);
    for (std::size_t i = 0; i < state.x.size(); ++i) {
      const auto index = static_cast<std::int64_t>(i);
      double gradient = 2 * state.y[i];
      if (score) gradient -= weight * static_cast<double>((*score)[index]);
      const double next = shrunk(state.y[i] - step_size * gradient, static_cast<double>(clean[index]));
      state.y[i] = next + momentum * (next - state.x[i]);
      state.x[i] = next;
    }
  }

  // S of clean + d, as a difference from clean.
  double shrunk(double d, double clean) const {
    if (std::abs(d) <= ead_.beta) return 0;
    return std::clamp(clean + d - std::copysign(ead_.beta, d), 0.0, 1.0) - clean;
  }

  const Ead& ead_;
  Chunk& chunk_;
  ActiveBatch& batch_;
  Smallest smallest_;
  Hinge hinge_;
  EarlyAbort abort_;
  std::vector<EadState> states_;  // by image
};

}  // namespace

PassCount cost(const Ead& ead) {
  const std::int64_t steps = std::int64_t{ead.binary_steps} * ead.steps;
  return {2 + 2 * steps, steps};
}

std::vector<AttackedImage> run(const Ead& ead, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  const ChunkTask task{.name = "ead",
                       .objective = {.goal = ead.goal, .loss = Loss::margin},
                       .steps = std::int64_t{ead.binary_steps} * ead.steps};
  return attack_in_chunks(task, plan, input, control, [&](Chunk& chunk) { EadFista(ead, chunk).run(); });
}

namespace {

constexpr std::array<std::string_view, 1> kEadNorms = {"l1"};
constexpr std::array kEadParameters = {
    choice_parameter("norm", "l1", kEadNorms, "how large a perturbation is: the sum of absolute values"),
    kLimitParameter,
    kReachableGoalParameter,
    kBinaryStepsParameter,
    with_default(kStepsParameter, "100"),
    real_parameter("step_size", "0.01", 0, 1e3, "of the first gradient step"),
    kInitialWeightParameter,
    real_parameter("beta", "1e-3", 0, 1, "weight of the L1 norm, against 1 of the squared L2 norm"),
    kConfidenceParameter,
    kAbortEarlyParameter,
};

std::unique_ptr<Attack> make_ead(const Settings& settings) {
  return attack_of(settings, Ead{.goal = chosen_goal(settings),
                                 .binary_steps = settings.integer("binary_steps"),
                                 .steps = settings.integer("steps"),
                                 .step_size = settings.real("step_size"),
                                 .initial_weight = settings.real("initial_weight"),
                                 .beta = settings.real("beta"),
                                 .confidence = settings.real("confidence"),
                                 .abort_early = settings.flag("abort_early"),
                                 .eps = chosen_limit(settings)});
}

}  // namespace

constinit const AttackEntry kEad = {"ead", "least L1 and L2 together by shrinkage (elastic net)",
                                    "Chen et al. 2018, arXiv 1709.04114", kEadParameters, &make_ead};

}  // namespace faultline::attack
