#include "attack/apgd.h"

#include <algorithm>

#include "attack/apgd_step_size.h"
#include "attack/chunk.h"
#include "attack/dlr.h"
#include "attack/input_check.h"
#include "attack/largest_others.h"
#include "attack/projection.h"
#include "attack/step.h"
#include "base/error.h"
#include "base/index.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

// Where one image's run stands.
struct Climb {
  ApgdStepSize step_size;
  double best_score = 0;
  Verdict best = {};  // of the best point
  int best_step = 0;
  bool is_at_best = true;     // the current point is the best one
  bool has_gradient = false;  // the best point's is known
};

// All runs of one chunk's images.
class Climber {
 public:
  Climber(const Apgd& apgd, Chunk& chunk)
      : apgd_(apgd), chunk_(chunk), batch_(chunk.batch()), is_boost_(apgd.objective.goal == Goal::boost) {
    for (Tensor* buffer : {&previous_, &ahead_, &best_, &best_gradient_})
      *buffer = Tensor::uninitialised(chunk.clean(0).shape().stacked(chunk.size()));
    succeeded_.assign(index(chunk.size()), false);
    for (int i = 0; i < chunk.size(); ++i) succeeded_[index(i)] = chunk.result(i).clean.success && !is_boost_;
  }

  void run() {
    const int runs = apgd_.restarts * std::max(apgd_.targets, 1);
    for (int r = 0; r < runs && chunk_.has_time(); ++r) {
      start(r);
      for (int step = 1; step <= apgd_.steps && chunk_.active() > 0 && chunk_.step(); ++step) {
        differentiate();
        parallel_for(chunk_.active(), [&](std::int64_t k) { move(static_cast<int>(k), step); });
        batch_.forward();
        for (int k = 0; k < chunk_.active(); ++k) arrive(k, step);
      }
      for (int k = 0; k < chunk_.active(); ++k) offer_best(k);
      chunk_.skip_to(std::int64_t{r + 1} * apgd_.steps);
    }
  }

 private:
  bool is_targeted() const { return apgd_.targets > 0; }

  void start(int run) {
    run_ = run;
    std::vector<int> open;
    targets_.assign(index(chunk_.size()), -1);
    for (int image = 0; image < chunk_.size(); ++image) {
      if (!succeeded_[index(image)] && choose_target(image)) open.push_back(image);
    }
    batch_.activate(open);
    if (open.empty()) return;
    parallel_for(chunk_.active(), [&](std::int64_t row) {
      const int k = static_cast<int>(row);
      const int image = open[index(k)];
      surface_start(apgd_.ball, chunk_.stream(image, stream_name()), chunk_.clean(image), batch_.point(k));
      copy_values(batch_.point(k), previous_.row(image));
      copy_values(batch_.point(k), best_.row(image));
    });
    batch_.forward();
    begin_climbs();
  }

  // Whether the image has a target for this run, or needs none.
  bool choose_target(int image) {
    if (!is_targeted()) return true;
    const std::size_t rank = index(run_ / apgd_.restarts);
    const std::vector<int> others =
        largest_others(chunk_.clean_logits(image), chunk_.aim(image).label, apgd_.targets);
    if (rank >= others.size()) return false;
    targets_[index(image)] = others[rank];
    return true;
  }

  std::string stream_name() const {
    const std::string restart = "restart=" + std::to_string(run_ % apgd_.restarts);
    return is_targeted() ? "target=" + std::to_string(run_ / apgd_.restarts + 2) + "/" + restart : restart;
  }

  void begin_climbs() {
    const double first = 2 * static_cast<double>(apgd_.ball.eps);
    climbs_.assign(index(chunk_.size()), {.step_size = ApgdStepSize(apgd_.steps, apgd_.rho, first)});
    for (int k = 0; k < chunk_.active(); ++k) {
      Climb& climb = climbs_[index(chunk_.image(k))];
      climb.best = chunk_.judge(k);
      climb.best_score = score(k);
      take_if_success(k, climb.best, 0);
    }
  }

  double score(int k) const {
    const int image = chunk_.image(k);
    if (!is_targeted()) return judge(apgd_.objective, batch_.logits(k), chunk_.aim(image)).score;
    return targeted_dlr(batch_.logits(k), chunk_.aim(image).label, targets_[index(image)]);
  }

  // The gradients of the points, but for those that went back to one whose gradient is known.
  void differentiate() {
    gradient_rows_.assign(index(chunk_.active()), -1);
    std::vector<int> positions;
    for (int k = 0; k < chunk_.active(); ++k) {
      const Climb& climb = climbs_[index(chunk_.image(k))];
      if (climb.is_at_best && climb.has_gradient) continue;
      gradient_rows_[index(k)] = static_cast<int>(positions.size());
      positions.push_back(k);
    }
    if (positions.empty()) return;
    batch_.backward(positions, [&](int r, std::span<double> gradient) {
      write_direction(positions[index(r)], gradient);
    });
  }

  void write_direction(int k, std::span<double> gradient) const {
    const int image = chunk_.image(k);
    const Aim& aim = chunk_.aim(image);
    if (is_targeted()) {
      targeted_dlr_direction(batch_.logits(k), aim.label, targets_[index(image)], gradient);
    } else {
      score_direction(apgd_.objective, batch_.logits(k), aim, gradient);
    }
  }

  void move(int k, int step) {
    const int image = chunk_.image(k);
    Climb& climb = climbs_[index(image)];
    const int row = gradient_rows_[index(k)];
    if (climb.is_at_best && row >= 0) {
      copy_values(batch_.gradient(row), best_gradient_.row(image));
      climb.has_gradient = true;
    }
    const TensorView gradient = row >= 0 ? batch_.gradient(row) : best_gradient_.view().row(image);
    const TensorView clean = chunk_.clean(image);
    const MutableTensorView x = batch_.point(k);
    const MutableTensorView ahead = ahead_.row(image);
    copy_values(x, ahead);
    attack::step(apgd_.ball.norm, static_cast<float>(climb.step_size.value()), gradient, ahead);
    project(apgd_.ball, clean, ahead);
    advance(step == 1 ? 1 : 0.75, ahead, previous_.row(image), x);
    project(apgd_.ball, clean, x);
  }

  // x <- x + a (ahead - x) + (1 - a)(x - previous), previous <- x.
  static void advance(double a, TensorView ahead, MutableTensorView previous, MutableTensorView x) {
    for (std::int64_t i = 0; i < x.elements(); ++i) {
      const auto here = static_cast<double>(x[i]);
      const double to_ahead = static_cast<double>(ahead[i]) - here;
      const double momentum = here - static_cast<double>(previous[i]);
      previous[i] = x[i];
      x[i] = static_cast<float>(here + a * to_ahead + (1 - a) * momentum);
    }
  }

  // Judges the k-th point, of this step.
  void arrive(int k, int step) {
    const int image = chunk_.image(k);
    Climb& climb = climbs_[index(image)];
    const Verdict verdict = chunk_.judge(k);
    take_if_success(k, verdict, step);
    const double now = score(k);
    climb.is_at_best = now > climb.best_score;
    if (climb.is_at_best) {
      climb.best_score = now;
      climb.best = verdict;
      climb.best_step = step;
      climb.has_gradient = false;
      copy_values(batch_.point(k), best_.row(image));
    }
    if (climb.step_size.record(now, climb.best_score) && !climb.is_at_best) {
      copy_values(best_.row(image), batch_.point(k));
      climb.is_at_best = true;
    }
  }

  void take_if_success(int k, const Verdict& verdict, int step) {
    if (!verdict.success || is_boost_) return;
    const int image = chunk_.image(k);
    succeeded_[index(image)] = true;
    chunk_.keep(image, batch_.point(k), verdict, run_, step);
  }

  void offer_best(int k) {
    const int image = chunk_.image(k);
    const Climb& climb = climbs_[index(image)];
    if (succeeded_[index(image)]) return;
    if (chunk_.has_kept(image) && !better(climb.best, chunk_.result(image).adversarial)) return;
    chunk_.keep(image, best_.row(image), climb.best, run_, climb.best_step);
  }

  const Apgd& apgd_;
  Chunk& chunk_;
  ActiveBatch& batch_;
  bool is_boost_;
  int run_ = 0;
  Tensor previous_, ahead_, best_, best_gradient_;  // [size,3,H,W]
  std::vector<Climb> climbs_;                       // [size], of this run
  std::vector<int> targets_;                        // [size], of this run
  std::vector<bool> succeeded_;                     // [size]
  std::vector<int> gradient_rows_;                  // by position: of the last backward, or -1
};

}  // namespace

PassCount cost(const Apgd& apgd) {
  const std::int64_t runs = std::int64_t{apgd.restarts} * std::max(apgd.targets, 1);
  return {2 + runs * (apgd.steps + 1), runs * apgd.steps};
}

std::vector<AttackedImage> run(const Apgd& apgd, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  require(apgd.steps >= 1 && apgd.restarts >= 1, "apgd: at least one step and one restart");
  if (apgd.targets > 0) {
    require(apgd.objective.goal == Goal::untargeted, "apgd: takes its targets itself");
    check_classes_suffice(plan, kLeastTargetedDlrClasses, apgd.name);
  }
  check_input(plan, apgd.objective, input);
  const Loss told = apgd.verdict_loss.value_or(apgd.objective.loss);
  const ChunkTask task{.name = apgd.name,
                       .objective = {.goal = apgd.objective.goal, .loss = told},
                       .steps = std::int64_t{apgd.restarts} * std::max(apgd.targets, 1) * apgd.steps};
  return attack_in_chunks(task, plan, input, control, [&](Chunk& chunk) { Climber(apgd, chunk).run(); });
}

}  // namespace faultline::attack
