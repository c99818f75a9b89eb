#include "attack/ascent.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "attack/active_batch.h"
#include "attack/eps.h"
#include "attack/input_check.h"
#include "attack/projection.h"
#include "attack/step.h"
#include "base/error.h"
#include "base/parallel.h"
#include "image/encode.h"
#include "tensor/argmax.h"

namespace faultline::attack {

namespace {

std::size_t index(int i) {
  return static_cast<std::size_t>(i);
}

void copy(TensorView from, MutableTensorView to) {
  std::copy_n(from.data(), from.elements(), to.data());
}

void check_finite(std::span<const double> logits) {
  if (!std::all_of(logits.begin(), logits.end(), [](double z) { return std::isfinite(z); }))
    throw Error(ErrorKind::model, "the network's logits are not finite numbers");
}

// Reports one step after the other over all chunks and restarts, and stops between two on request.
class StepCounter {
 public:
  StepCounter(const RunControl& control, const Ascent& ascent, std::int64_t chunks)
      : control_(control), name_(ascent.name), total_(chunks * ascent.restarts * ascent.steps) {}
  void step() {
    control_.checkpoint();
    control_.report({done_++, total_, name_});
  }
  // Steps that finished images made unnecessary count as done.
  void skip_to(std::int64_t done) {
    done_ = done;
    control_.report({done_, total_, name_});
  }

 private:
  const RunControl& control_;
  std::string name_;
  std::int64_t total_;
  std::int64_t done_ = 0;
};

// Attacks chunk after chunk with the same buffers.
class Ascender {
 public:
  Ascender(const Ascent& ascent, engine::Plan& plan, const AttackInput& input, const RunControl& control)
      : ascent_(ascent),
        input_(input),
        capacity_(static_cast<int>(std::min<std::int64_t>(input.max_batch, input.images.shape()[0]))),
        batch_(plan, ascent.objective, input.images.shape().without_leading(), capacity_),
        counter_(control, ascent, (input.images.shape()[0] + capacity_ - 1) / capacity_),
        stops_early_(ascent.early_stop && ascent.objective.goal != Goal::boost) {}

  std::vector<AttackedImage> run() {
    const auto n = static_cast<int>(input_.images.shape()[0]);
    results_.reserve(index(n));
    for (int first = 0, chunk = 1; first < n; first += capacity_, ++chunk) {
      begin(first, std::min(capacity_, n - first));
      for (int restart = 0; restart < ascent_.restarts; ++restart) ascend(restart);
      judge_rounded();
      counter_.skip_to(std::int64_t{chunk} * ascent_.restarts * ascent_.steps);
      finish();
    }
    return std::move(results_);
  }

 private:
  TensorView clean(int image) const { return input_.images.row(first_ + image); }

  // The clean pass: every image's label and clean verdict.
  void begin(int first, int count) {
    first_ = first;
    chunk_.assign(index(count), {});
    aims_.assign(index(count), {});
    finished_.assign(index(count), false);
    batch_.begin(count);
    run_all([this](int image) { return clean(image); });
    for (int i = 0; i < count; ++i) {
      check_finite(batch_.logits(i));
      AttackedImage& result = chunk_[index(i)];
      Aim& aim = aims_[index(i)];
      const auto row = index(first + i);
      aim.label = input_.labels.empty() ? argmax(batch_.logits(i)) : input_.labels[row];
      aim.target = input_.targets.empty() ? -1 : input_.targets[row];
      result.aim = aim;
      result.clean = judge(ascent_.objective, batch_.logits(i), aim);
    }
    retire(0, 0);
  }

  // A forward pass of one point of every image of the chunk.
  template <class PointOf>
  void run_all(const PointOf& point_of) {
    all_.resize(chunk_.size());
    std::iota(all_.begin(), all_.end(), 0);
    batch_.activate(all_);
    for (const int image : all_) copy(point_of(image), batch_.point(image));
    batch_.forward();
  }

  void ascend(int restart) {
    start(restart);
    for (int k = 1; k <= ascent_.steps && !batch_.images().empty(); ++k) {
      counter_.step();
      batch_.backward(aims_);
      parallel_for(active(), [this](std::int64_t row) {
        const int i = static_cast<int>(row);
        step(ascent_.ball.norm, ascent_.step_size, batch_.gradient(i), batch_.point(i));
        project(ascent_.ball, clean(batch_.images()[index(i)]), batch_.point(i));
      });
      batch_.forward();
      retire(restart, k);
    }
    for (int k = 0; k < active(); ++k) offer(k, restart, ascent_.steps);
  }

  // Without a random start, the clean pass is that of x_0.
  void start(int restart) {
    if (!ascent_.random_start) return;
    open_.clear();
    for (int i = 0; i < static_cast<int>(chunk_.size()); ++i) {
      if (!finished_[index(i)]) open_.push_back(i);
    }
    batch_.activate(open_);
    if (open_.empty()) return;
    parallel_for(active(), [this, restart](std::int64_t row) {
      const int k = static_cast<int>(row);
      const int image = open_[index(k)];
      random_start(ascent_.ball, stream(image, restart), clean(image), batch_.point(k));
    });
    batch_.forward();
    retire(restart, 0);
  }

  RandomStream stream(int image, int restart) const {
    const std::string goal = ascent_.objective.goal == Goal::boost ? "/boost" : "";
    return {input_.seed, input_.keys[index(first_ + image)] + "/" + ascent_.name + goal +
                             "/restart=" + std::to_string(restart)};
  }

  // With early stop, images that have succeeded leave the batch.
  void retire(int restart, int steps) {
    if (!stops_early_) return;
    staying_.clear();
    for (int k = 0; k < active(); ++k) {
      const int image = batch_.images()[index(k)];
      if (judge(ascent_.objective, batch_.logits(k), aims_[index(image)]).success) {
        offer(k, restart, steps);
      } else {
        staying_.push_back(k);
      }
    }
    if (static_cast<int>(staying_.size()) < active()) batch_.keep(staying_);
  }

  // Keeps the k-th active image's point if it beats what an earlier restart gave.
  void offer(int k, int restart, int steps) {
    const int image = batch_.images()[index(k)];
    AttackedImage& result = chunk_[index(image)];
    const Verdict verdict = judge(ascent_.objective, batch_.logits(k), aims_[index(image)]);
    finished_[index(image)] = verdict.success && ascent_.objective.goal != Goal::boost;
    if (result.image.elements() > 0 && !better(verdict, result.adversarial)) return;
    if (result.image.elements() == 0) result.image = Tensor::uninitialised(batch_.point(k).shape());
    copy(batch_.point(k), result.image);
    result.adversarial = verdict;
    result.restart = restart;
    result.steps = steps;
  }

  void judge_rounded() {
    Tensor rounded;
    run_all([&](int image) {
      rounded = round_to_8bit(chunk_[index(image)].image);
      return rounded.view();
    });
    for (int i = 0; i < active(); ++i) {
      chunk_[index(i)].rounded = judge(ascent_.objective, batch_.logits(i), aims_[index(i)]);
    }
  }

  void finish() {
    for (int i = 0; i < static_cast<int>(chunk_.size()); ++i) {
      AttackedImage& result = chunk_[index(i)];
      result.linf = distance(Norm::linf, clean(i), result.image);
      result.l2 = distance(Norm::l2, clean(i), result.image);
      result.forward_passes = batch_.forward_passes(i);
      result.backward_passes = batch_.backward_passes(i);
      results_.push_back(std::move(result));
    }
  }

  int active() const { return static_cast<int>(batch_.images().size()); }

  const Ascent& ascent_;
  const AttackInput& input_;
  int capacity_;
  ActiveBatch batch_;
  StepCounter counter_;
  bool stops_early_;
  int first_ = 0;  // the chunk's first image
  std::vector<AttackedImage> chunk_;
  std::vector<Aim> aims_;
  std::vector<bool> finished_;  // makes no further restart
  std::vector<int> all_, open_, staying_;
  std::vector<AttackedImage> results_;
};

[[noreturn]] void refuse(const Ascent& ascent, const std::string& what) {
  throw Error(ErrorKind::usage, ascent.name + ": " + what);
}

}  // namespace

void check(const Ascent& ascent) {
  check_ball(ascent.ball);
  if (ascent.steps < 1) refuse(ascent, "got " + std::to_string(ascent.steps) + " steps, expected at least 1");
  if (ascent.restarts < 1) {
    refuse(ascent, "got " + std::to_string(ascent.restarts) + " restarts, expected at least 1");
  }
  if (ascent.restarts > 1 && !ascent.random_start) {
    refuse(ascent, "got " + std::to_string(ascent.restarts) +
                       " restarts without a random start, which would all be the same; expected 1");
  }
  if (!(ascent.step_size >= 0) || !std::isfinite(ascent.step_size)) {
    refuse(ascent, "got a step size of " + std::to_string(ascent.step_size) + ", expected one from 0");
  }
}

PassCount cost(const Ascent& ascent) {
  const std::int64_t points = ascent.steps + (ascent.random_start ? 1 : 0);
  return {2 + ascent.restarts * points, std::int64_t{ascent.restarts} * ascent.steps};
}

std::vector<AttackedImage> ascend(const Ascent& ascent, engine::Plan& plan, const AttackInput& input,
                                  const RunControl& control) {
  check(ascent);
  check_input(plan, ascent.objective, input);
  if (input.images.shape()[0] == 0) return {};
  return Ascender(ascent, plan, input, control).run();
}

}  // namespace faultline::attack
