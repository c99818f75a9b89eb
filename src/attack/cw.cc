#include "attack/cw.h"

#include <cmath>

#include "attack/adam.h"
#include "attack/attack_of.h"
#include "attack/early_abort.h"
#include "attack/hinge.h"
#include "attack/minimal_parameters.h"
#include "attack/projection.h"
#include "attack/retain.h"
#include "attack/weight_search.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

// One image's variables.
struct CwVariables {
  explicit CwVariables(const CarliniWagner& cw, std::size_t n) : w(n), adam(n), weights(cw.initial_weight) {}
  std::vector<double> w;
  Adam adam;
  WeightSearch weights;
  bool succeeded = false;  // with the present weight
};

// The optimisations of one chunk's images.
class CwMinimisation {
 public:
  CwMinimisation(const CarliniWagner& cw, Chunk& chunk)
      : cw_(cw),
        chunk_(chunk),
        batch_(chunk.batch()),
        smallest_(Norm::l2, cw.eps, chunk),
        hinge_(chunk, cw.goal, cw.confidence),
        abort_(cw.abort_early, cw.steps, chunk.size()),
        variables_(static_cast<std::size_t>(chunk.size()), CwVariables(cw, chunk.clean(0).values().size())) {}

  void run() {
    smallest_.begin();
    search_weights(
        chunk_, cw_.binary_steps, cw_.steps, [this] { begin_round(); },
        [this](int round, int step) { advance(round, step); },
        [this](int image) { of(image).weights.next(of(image).succeeded); });
  }

 private:
  CwVariables& of(int image) { return variables_[static_cast<std::size_t>(image)]; }

  void begin_round() {
    abort_.reset();
    parallel_for(chunk_.active(), [this](std::int64_t k) {
      const int image = chunk_.image(static_cast<int>(k));
      CwVariables& variables = of(image);
      variables.adam.reset();
      variables.succeeded = false;
      const TensorView clean = chunk_.clean(image);
      for (std::size_t i = 0; i < variables.w.size(); ++i) {
        const auto x = static_cast<double>(clean[static_cast<std::int64_t>(i)]);
        variables.w[i] = std::atanh(0.999999 * (2 * x - 1));
      }
    });
  }

  void advance(int round, int step) {
    parallel_for(chunk_.active(), [this](std::int64_t k) { write_point(static_cast<int>(k)); });
    batch_.forward();
    retain(batch_, [&](int k) {
      const int image = chunk_.image(k);
      const double f = hinge_.value(k);
      if (smallest_.offer_if(f == 0, k, round, step + 1)) of(image).succeeded = true;
      const double distance = attack::distance(Norm::l2, chunk_.clean(image), batch_.point(k));
      return !abort_.gives_up(image, step, distance * distance + of(image).weights.weight() * f);
    });
    if (step + 1 == cw_.steps || chunk_.active() == 0) return;
    hinge_.differentiate();
    parallel_for(chunk_.active(), [this](std::int64_t k) { descend(static_cast<int>(k)); });
  }

  void write_point(int k) {
    const std::vector<double>& w = of(chunk_.image(k)).w;
    const MutableTensorView point = batch_.point(k);
    for (std::size_t i = 0; i < w.size(); ++i) {
      point[static_cast<std::int64_t>(i)] = static_cast<float>((std::tanh(w[i]) + 1) / 2);
    }
  }

  void descend(int k) {
    const int image = chunk_.image(k);
    CwVariables& variables = of(image);
    const TensorView clean = chunk_.clean(image);
    const std::optional<TensorView> score = hinge_.score_gradient(k);
    const double weight = variables.weights.weight();
    const auto gradient = [&](std::size_t i) {
      const auto at = static_cast<std::int64_t>(i);
      const double t = std::tanh(variables.w[i]);
      double to_x = 2 * ((t + 1) / 2 - static_cast<double>(clean[at]));
      if (score) to_x -= weight * static_cast<double>((*score)[at]);
      return to_x * (1 - t * t) / 2;
    };
    variables.adam.step(cw_.step_size, gradient, variables.w);
  }

  const CarliniWagner& cw_;
  Chunk& chunk_;
  ActiveBatch& batch_;
  Smallest smallest_;
  Hinge hinge_;
  EarlyAbort abort_;
  std::vector<CwVariables> variables_;  // by image
};

}  // namespace

PassCount cost(const CarliniWagner& cw) {
  const std::int64_t rounds = cw.binary_steps;
  return {2 + rounds * cw.steps, rounds * (cw.steps - 1)};
}

std::vector<AttackedImage> run(const CarliniWagner& cw, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  const ChunkTask task{.name = "cw-l2",
                       .objective = {.goal = cw.goal, .loss = Loss::margin},
                       .steps = std::int64_t{cw.binary_steps} * cw.steps};
  return attack_in_chunks(task, plan, input, control, [&](Chunk& chunk) { CwMinimisation(cw, chunk).run(); });
}

namespace {

constexpr std::array<std::string_view, 1> kCwNorms = {"l2"};
constexpr std::array kCwParameters = {
    choice_parameter("norm", "l2", kCwNorms, "how large a perturbation is"),
    kLimitParameter,
    kReachableGoalParameter,
    kBinaryStepsParameter,
    with_default(kStepsParameter, "200"),
    real_parameter("step_size", "0.01", 0, 1e3, "Adam's"),
    kInitialWeightParameter,
    kConfidenceParameter,
    kAbortEarlyParameter,
};

std::unique_ptr<Attack> make_cw(const Settings& settings) {
  return attack_of(settings, CarliniWagner{.goal = chosen_goal(settings),
                                           .binary_steps = settings.integer("binary_steps"),
                                           .steps = settings.integer("steps"),
                                           .step_size = settings.real("step_size"),
                                           .initial_weight = settings.real("initial_weight"),
                                           .confidence = settings.real("confidence"),
                                           .abort_early = settings.flag("abort_early"),
                                           .eps = chosen_limit(settings)});
}

}  // namespace

constinit const AttackEntry kCarliniWagner = {
    "cw-l2", "least L2 by Adam, with a search for the loss's weight",
    "Carlini & Wagner 2017, arXiv 1608.04644", kCwParameters, &make_cw};

}  // namespace faultline::attack
