#include "attack/apgd_step_size.h"

#include <algorithm>

#include "base/error.h"

namespace faultline::attack {

namespace {

int share(double of, int steps) {
  return std::max(static_cast<int>(of * steps), 1);
}

}  // namespace

std::vector<int> apgd_checkpoints(int steps) {
  require(steps >= 1, "apgd_checkpoints: at least one step");
  std::vector<int> checkpoints;
  int window = share(0.22, steps);
  for (int at = window; at <= steps; at += window) {
    checkpoints.push_back(at);
    window = std::max(window - share(0.03, steps), share(0.06, steps));
  }
  return checkpoints;
}

ApgdStepSize::ApgdStepSize(int steps, double rho, double first)
    : checkpoints_(apgd_checkpoints(steps)), rho_(rho), value_(first) {}

bool ApgdStepSize::record(double score, double best_score) {
  ++steps_;
  if (score > previous_score_) ++rises_;
  previous_score_ = score;
  if (next_ == checkpoints_.size() || steps_ < checkpoints_[next_]) return false;
  return halve(best_score);
}

bool ApgdStepSize::halve(double best_score) {
  const int window = steps_ - (next_ == 0 ? 0 : checkpoints_[next_ - 1]);
  const bool rises_too_rarely = rises_ <= rho_ * window;
  const bool is_stuck = !halved_ && best_at_checkpoint_ >= best_score;
  halved_ = rises_too_rarely || is_stuck;
  if (halved_) value_ /= 2;
  best_at_checkpoint_ = best_score;
  rises_ = 0;
  ++next_;
  return halved_;
}

}  // namespace faultline::attack
