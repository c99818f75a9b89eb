#include "attack/square.h"

#include <algorithm>

#include "attack/chunk.h"
#include "attack/input_check.h"
#include "attack/retain.h"
#include "attack/square_pattern.h"
#include "attack/square_proposal.h"
#include "base/error.h"
#include "base/index.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

// Where one image's restart stands.
struct Best {
  RandomStream stream;
  Verdict verdict;
  double score;
  int query;
};

// All restarts of one chunk's images.
class Searcher {
 public:
  Searcher(const Square& square, Chunk& chunk)
      : square_(square),
        chunk_(chunk),
        batch_(chunk.batch()),
        is_boost_(square.objective.goal == Goal::boost) {
    points_ = Tensor::uninitialised(chunk.clean(0).shape().stacked(chunk.size()));
    kept_scores_.resize(index(chunk.size()));
    for (int i = 0; i < chunk.size(); ++i) {
      if (is_boost_ || !chunk.result(i).clean.success) open_.push_back(i);
    }
  }

  void run() {
    for (int restart = 0; restart < square_.restarts && chunk_.has_time(); ++restart) {
      start(restart);
      for (int query = 0; query < square_.queries && chunk_.active() > 0 && chunk_.step(); ++query) {
        propose(query);
        batch_.forward();
        retain(batch_, [&](int k) { return !accept(k, restart, query + 1); });
      }
      for (int k = 0; k < chunk_.active(); ++k) offer(chunk_.image(k), restart);
      chunk_.skip_to(std::int64_t{restart + 1} * square_.queries);
    }
  }

 private:
  void start(int restart) {
    best_.clear();
    const std::string name = "restart=" + std::to_string(restart);
    for (int i = 0; i < chunk_.size(); ++i) best_.push_back({chunk_.stream(i, name), {}, 0, 0});
    batch_.activate(open_);
    if (open_.empty()) return;
    parallel_for(chunk_.active(), [&](std::int64_t row) {
      const int k = static_cast<int>(row);
      const int image = open_[index(k)];
      square_start(square_.ball, chunk_.stream(image, name + "/start"), chunk_.clean(image), batch_.point(k));
    });
    batch_.forward();
    retain(batch_, [&](int k) { return !take(k, restart, 0); });
  }

  void propose(int query) {
    const Shape& shape = points_.shape();
    const double share = square_share(square_.p, query, square_.queries, square_.rescaled);
    const std::int64_t side = square_side(square_.ball.norm, share, shape[2], shape[3]);
    if (square_.ball.norm == Norm::l2 && side != side_) pattern_ = square_pattern(side);
    side_ = side;
    parallel_for(chunk_.active(), [&](std::int64_t row) {
      const int k = static_cast<int>(row);
      const int image = chunk_.image(k);
      square_proposal(square_.ball, best_[index(image)].stream, query, side, pattern_, chunk_.clean(image),
                      points_.view().row(image), batch_.point(k));
    });
  }

  // Takes the k-th point if it is better; returns whether that finishes the image.
  bool accept(int k, int restart, int query) {
    const bool succeeds = chunk_.judge(k).success && !is_boost_;
    const bool improves = score(k) > best_[index(chunk_.image(k))].score;
    return (succeeds || improves) && take(k, restart, query);
  }

  bool take(int k, int restart, int query) {
    const int image = chunk_.image(k);
    Best& best = best_[index(image)];
    best.verdict = chunk_.judge(k);
    best.score = score(k);
    best.query = query;
    copy_values(batch_.point(k), points_.row(image));
    if (!best.verdict.success || is_boost_) return false;
    chunk_.keep(image, points_.row(image), best.verdict, restart, query);
    std::erase(open_, image);
    return true;
  }

  double score(int k) const {
    return judge(square_.objective, batch_.logits(k), chunk_.aim(chunk_.image(k))).score;
  }

  // Of a restart without success.
  void offer(int image, int restart) {
    const Best& best = best_[index(image)];
    if (chunk_.has_kept(image) && !(best.score > kept_scores_[index(image)])) return;
    kept_scores_[index(image)] = best.score;
    chunk_.keep(image, points_.row(image), best.verdict, restart, best.query);
  }

  const Square& square_;
  Chunk& chunk_;
  ActiveBatch& batch_;
  bool is_boost_;
  Tensor points_;                    // [size,3,H,W]: the best of this restart
  std::vector<Best> best_;           // [size]
  std::vector<double> kept_scores_;  // [size]: of what is kept
  std::vector<int> open_;            // images that make the next restart
  std::int64_t side_ = 0;            // of the pattern
  std::vector<double> pattern_;
};

}  // namespace

PassCount cost(const Square& square) {
  return {2 + std::int64_t{square.restarts} * (square.queries + 1), 0};
}

std::vector<AttackedImage> run(const Square& square, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  require(square.queries >= 1 && square.restarts >= 1, "square: at least one query and one restart");
  check_input(plan, square.objective, input);
  const ChunkTask task{.name = "square",
                       .objective = {.goal = square.objective.goal, .loss = square.verdict_loss},
                       .steps = std::int64_t{square.restarts} * square.queries};
  return attack_in_chunks(task, plan, input, control, [&](Chunk& chunk) { Searcher(square, chunk).run(); });
}

}  // namespace faultline::attack
