#include "attack/objective.h"

#include "attack/loss.h"
#include "tensor/argmax.h"

namespace faultline::attack {

namespace {

int judged_class(const Objective& objective, const Aim& aim) {
  return objective.goal == Goal::targeted ? aim.target : aim.label;
}

}  // namespace

Verdict judge(const Objective& objective, std::span<const double> logits, const Aim& aim) {
  const int y = judged_class(objective, aim);
  Verdict verdict;
  verdict.predicted = argmax(logits);
  verdict.success = (verdict.predicted == y) != (objective.goal == Goal::untargeted);
  verdict.loss = loss_value(objective.loss, logits, y);
  verdict.score = objective.goal == Goal::untargeted ? verdict.loss : -verdict.loss;
  return verdict;
}

void score_direction(const Objective& objective, std::span<const double> logits, const Aim& aim,
                     std::span<double> gradient) {
  loss_direction(objective.loss, logits, judged_class(objective, aim), gradient);
  if (objective.goal == Goal::untargeted) return;
  for (double& g : gradient) g = -g;
}

bool better(const Verdict& a, const Verdict& b) {
  return a.success != b.success ? a.success : a.score > b.score;
}

}  // namespace faultline::attack
