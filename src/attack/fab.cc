#include "attack/fab.h"

#include <algorithm>
#include <cmath>

#include "attack/attack_of.h"
#include "attack/boundaries.h"
#include "attack/hyperplane.h"
#include "attack/largest_others.h"
#include "attack/minimal_parameters.h"
#include "attack/norm.h"
#include "attack/retain.h"
#include "base/error.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

// Half of it is how far a restart begins where nothing was found yet and no eps is set.
double start_size(Norm norm) {
  return norm == Norm::linf ? 0.3 : 1;
}

float clipped(double value) {
  return static_cast<float>(std::clamp(value, 0.0, 1.0));
}

// All runs of one chunk's images.
class FabSearch {
 public:
  FabSearch(const Fab& fab, Chunk& chunk)
      : fab_(fab), chunk_(chunk), batch_(chunk.batch()), smallest_(fab.norm, fab.eps, chunk) {}

  void run() {
    smallest_.begin();
    for (int k = 0; k < chunk_.active(); ++k) open_.push_back(chunk_.image(k));
    const int targets = fab_.by_target ? fab_.classes - 1 : 1;
    for (int target = 0; target < targets; ++target) {
      Boundaries boundaries(chunk_, fab_.goal, candidates(target));
      for (int restart = 0; restart < fab_.restarts && chunk_.has_time(); ++restart) {
        const int run = target * fab_.restarts + restart;
        if (run > 0) start(target, restart, run);
        for (int step = 1; step <= fab_.steps && chunk_.active() > 0 && chunk_.step(); ++step)
          advance(boundaries, run, step);
      }
    }
  }

 private:
  // By image; empty where there is no such target.
  std::vector<std::vector<int>> candidates(int target) const {
    std::vector<std::vector<int>> all;
    for (int image = 0; image < chunk_.size(); ++image) {
      auto others = largest_others(chunk_.clean_logits(image), chunk_.aim(image).label, fab_.classes - 1);
      if (fab_.by_target) {
        const bool exists = target < static_cast<int>(others.size());
        others = exists ? std::vector{others[static_cast<std::size_t>(target)]} : std::vector<int>();
      }
      all.push_back(std::move(others));
    }
    return all;
  }

  // The first run needs none: the clean images are active, and their pass was made.
  void start(int target, int restart, int run) {
    const bool is_limited = fab_.eps < kNoLimit;
    if (is_limited || fab_.early_stop) {
      std::erase_if(open_, [this](int image) { return smallest_.found(image); });
    }
    const bool exists = !fab_.by_target || target < static_cast<int>(batch_classes()) - 1;
    chunk_.skip_to(std::int64_t{run} * fab_.steps);
    batch_.activate(exists ? std::span<const int>(open_) : std::span<const int>());
    if (chunk_.active() == 0) return;
    parallel_for(chunk_.active(), [&](std::int64_t row) {
      const int k = static_cast<int>(row);
      const TensorView clean = chunk_.clean(chunk_.image(k));
      copy_values(clean, batch_.point(k));
      if (restart > 0) scatter(k, run);
    });
    batch_.forward();
  }

  std::size_t batch_classes() const { return chunk_.clean_logits(0).size(); }

  // The k-th point, which is the clean one, moves in a random direction.
  void scatter(int k, int run) {
    const int image = chunk_.image(k);
    const RandomStream stream = chunk_.stream(image, "restart=" + std::to_string(run));
    const MutableTensorView point = batch_.point(k);
    std::vector<double> direction(point.values().size());
    for (std::size_t i = 0; i < direction.size(); ++i) {
      direction[i] = fab_.norm == Norm::linf ? 2 * stream.uniform(i) - 1 : stream.normal(i);
    }
    double size = fab_.eps < kNoLimit ? fab_.eps : start_size(fab_.norm);
    if (smallest_.found(image)) size = std::min(fab_.eps, smallest_.distance(image));
    const double scale = size / 2 / norm_of(fab_.norm, direction);
    for (std::int64_t i = 0; i < point.elements(); ++i) {
      point[i] = clipped(static_cast<double>(point[i]) + scale * direction[static_cast<std::size_t>(i)]);
    }
  }

  void advance(Boundaries& boundaries, int run, int step) {
    boundaries.linearise();
    parallel_for(chunk_.active(), [&](std::int64_t k) { move(boundaries, static_cast<int>(k)); });
    batch_.forward();
    retain(batch_, [&](int k) {
      if (!smallest_.offer(k, run, step)) return true;
      shrink(k);
      return !(fab_.early_stop && smallest_.found(chunk_.image(k)));
    });
    if (step < fab_.steps && chunk_.active() > 0) batch_.forward();
  }

  void move(const Boundaries& boundaries, int k) {
    const std::optional<int> nearest = boundaries.nearest(fab_.norm, k);
    if (!nearest) return;
    const TensorView w = boundaries.gradient(k, *nearest);
    const MutableTensorView x = batch_.point(k);
    const TensorView clean = chunk_.clean(chunk_.image(k));
    const double rise = -boundaries.value(k, *nearest);
    double moved_rise = 0;  // <w, x - clean>
    for (std::int64_t i = 0; i < x.elements(); ++i) {
      moved_rise += static_cast<double>(w[i]) * (static_cast<double>(x[i]) - static_cast<double>(clean[i]));
    }
    std::vector<double> d1(x.values().size());
    std::vector<double> d2(d1.size());
    project_onto_hyperplane(fab_.norm, w, rise, x, d1);
    project_onto_hyperplane(fab_.norm, w, rise + moved_rise, clean, d2);
    const double a1 = std::max(norm_of(fab_.norm, d1), 1e-8);
    const double a2 = std::max(norm_of(fab_.norm, d2), 1e-8);
    const double a = std::min(a1 / (a1 + a2), fab_.alpha_max);
    for (std::size_t i = 0; i < d1.size(); ++i) {
      const auto at = static_cast<std::int64_t>(i);
      const double from_x = static_cast<double>(x[at]) + fab_.eta * d1[i];
      const double from_clean = static_cast<double>(clean[at]) + fab_.eta * d2[i];
      x[at] = clipped((1 - a) * from_x + a * from_clean);
    }
  }

  void shrink(int k) {
    const MutableTensorView x = batch_.point(k);
    const TensorView clean = chunk_.clean(chunk_.image(k));
    for (std::int64_t i = 0; i < x.elements(); ++i) {
      const auto origin = static_cast<double>(clean[i]);
      x[i] = clipped(origin + fab_.beta * (static_cast<double>(x[i]) - origin));
    }
  }

  const Fab& fab_;
  Chunk& chunk_;
  ActiveBatch& batch_;
  Smallest smallest_;
  std::vector<int> open_;  // images that make the next run
};

}  // namespace

PassCount cost(const Fab& fab) {
  const std::int64_t runs = std::int64_t{fab.restarts} * (fab.by_target ? fab.classes - 1 : 1);
  const std::int64_t boundaries = fab.by_target || fab.goal == Goal::targeted ? 1 : fab.classes - 1;
  // Two points a step, the one that is judged and the one it goes on from, which after the last step none
  // needs and before the first is the clean one; and the clean and the rounded pass.
  return {1 + 2 * runs * fab.steps, runs * fab.steps * boundaries};
}

std::vector<AttackedImage> run(const Fab& fab, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  require(!fab.by_target || fab.goal == Goal::untargeted, "fab-t: takes its targets itself");
  const std::int64_t runs = std::int64_t{fab.restarts} * (fab.by_target ? fab.classes - 1 : 1);
  const ChunkTask task{.name = fab.by_target ? "fab-t" : "fab",
                       .objective = {.goal = fab.goal, .loss = Loss::margin},
                       .steps = runs * fab.steps};
  return attack_in_chunks(task, plan, input, control, [&](Chunk& chunk) { FabSearch(fab, chunk).run(); });
}

namespace {

constexpr std::array kFabTParameters = {
    kNormParameter,
    kLimitParameter,
    with_default(kStepsParameter, "100"),
    kCandidatesParameter,
    integer_parameter("restarts", "1", 1, 10'000, "runs; those after the first from a random point"),
    real_parameter("alpha_max", "0.1", 0, 1, "the largest weight of the step from the clean image"),
    real_parameter("eta", "1.05", 1, 100, "how far a step goes, relative to the projection"),
    real_parameter("beta", "0.9", 0, 1, "how much of the perturbation stays after a success"),
    flag_parameter("early_stop", false, "an image leaves with its first success within eps"),
};
constexpr auto kFabParameters = join(std::array{kReachableGoalParameter}, kFabTParameters);

Fab fab_of(const Settings& settings) {
  return {.norm = chosen_norm(settings),
          .steps = settings.integer("steps"),
          .classes = settings.integer("classes"),
          .restarts = settings.integer("restarts"),
          .alpha_max = settings.real("alpha_max"),
          .eta = settings.real("eta"),
          .beta = settings.real("beta"),
          .eps = chosen_limit(settings),
          .early_stop = settings.flag("early_stop")};
}

std::unique_ptr<Attack> make_fab(const Settings& settings) {
  Fab fab = fab_of(settings);
  fab.goal = chosen_goal(settings);
  return attack_of(settings, fab);
}

std::unique_ptr<Attack> make_fab_t(const Settings& settings) {
  Fab fab = fab_of(settings);
  fab.by_target = true;
  return attack_of(settings, fab);
}

}  // namespace

constinit const AttackEntry kFab = {"fab", "projections onto the nearest linearised decision boundary",
                                    "Croce & Hein 2020, arXiv 1907.02044", kFabParameters, &make_fab};
constinit const AttackEntry kFabT = {"fab-t", "the same towards each of the likeliest classes in turn",
                                     "Croce & Hein 2020, arXiv 2003.01690", kFabTParameters, &make_fab_t};

}  // namespace faultline::attack
