#include "attack/ascent.h"

#include "attack/chunk.h"
#include "attack/projection.h"
#include "attack/retain.h"
#include "attack/step.h"
#include "base/error.h"
#include "base/index.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

// The ascent of one chunk's images.
class Ascender {
 public:
  Ascender(const Ascent& ascent, Chunk& chunk)
      : ascent_(ascent),
        chunk_(chunk),
        batch_(chunk.batch()),
        stops_early_(ascent.early_stop && ascent.objective.goal != Goal::boost),
        finished_(index(chunk.size()), false) {}

  void run() {
    retire(0, 0);
    for (int restart = 0; restart < ascent_.restarts && chunk_.has_time(); ++restart) ascend(restart);
  }

 private:
  void ascend(int restart) {
    start(restart);
    int steps = 0;
    for (; steps < ascent_.steps && chunk_.active() > 0 && chunk_.step(); ++steps) {
      chunk_.score_gradients();
      parallel_for(chunk_.active(), [this](std::int64_t row) {
        const int i = static_cast<int>(row);
        step(ascent_.ball.norm, ascent_.step_size, batch_.gradient(i), batch_.point(i));
        project(ascent_.ball, chunk_.clean(chunk_.image(i)), batch_.point(i));
      });
      batch_.forward();
      retire(restart, steps + 1);
    }
    for (int k = 0; k < chunk_.active(); ++k) offer(k, restart, steps);
  }

  // Without a random start, the clean pass is that of x_0.
  void start(int restart) {
    if (!ascent_.random_start) return;
    open_.clear();
    for (int i = 0; i < chunk_.size(); ++i) {
      if (!finished_[index(i)]) open_.push_back(i);
    }
    batch_.activate(open_);
    if (open_.empty()) return;
    parallel_for(chunk_.active(), [this, restart](std::int64_t row) {
      const int k = static_cast<int>(row);
      const int image = open_[index(k)];
      random_start(ascent_.ball, chunk_.stream(image, "restart=" + std::to_string(restart)),
                   chunk_.clean(image), batch_.point(k));
    });
    batch_.forward();
    retire(restart, 0);
  }

  // With early stop, images that have succeeded leave the batch.
  void retire(int restart, int steps) {
    if (!stops_early_) return;
    retain(batch_, [this, restart, steps](int k) {
      const bool succeeds = chunk_.judge(k).success;
      if (succeeds) offer(k, restart, steps);
      return !succeeds;
    });
  }

  // Keeps the k-th active image's point if it beats what an earlier restart gave.
  void offer(int k, int restart, int steps) {
    const int image = chunk_.image(k);
    const Verdict verdict = chunk_.judge(k);
    finished_[index(image)] = verdict.success && ascent_.objective.goal != Goal::boost;
    if (chunk_.has_kept(image) && !better(verdict, chunk_.result(image).adversarial)) return;
    chunk_.keep(image, batch_.point(k), verdict, restart, steps);
  }

  const Ascent& ascent_;
  Chunk& chunk_;
  ActiveBatch& batch_;
  bool stops_early_;
  std::vector<bool> finished_;  // makes no further restart
  std::vector<int> open_;
};

}  // namespace

PassCount cost(const Ascent& ascent) {
  const std::int64_t points = ascent.steps + (ascent.random_start ? 1 : 0);
  return {2 + ascent.restarts * points, std::int64_t{ascent.restarts} * ascent.steps};
}

std::vector<AttackedImage> ascend(const Ascent& ascent, engine::Plan& plan, const AttackInput& input,
                                  const RunControl& control) {
  require(ascent.steps >= 1 && ascent.restarts >= 1 && ascent.step_size >= 0 && ascent.ball.eps >= 0,
          "ascend: steps, restarts or sizes out of range");
  require(ascent.restarts == 1 || ascent.random_start, "ascend: restarts without a random start");
  const ChunkTask task{.name = ascent.name,
                       .objective = ascent.objective,
                       .steps = std::int64_t{ascent.restarts} * ascent.steps};
  return attack_in_chunks(task, plan, input, control, [&](Chunk& chunk) { Ascender(ascent, chunk).run(); });
}

}  // namespace faultline::attack
