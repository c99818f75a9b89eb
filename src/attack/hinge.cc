#include "attack/hinge.h"

#include <algorithm>

namespace faultline::attack {

double Hinge::value(int k) const {
  const Aim& aim = chunk_.aim(chunk_.image(k));
  return std::max(0.0, confidence_ - judge(objective_, chunk_.batch().logits(k), aim).score);
}

void Hinge::differentiate() {
  positions_.clear();
  rows_.assign(static_cast<std::size_t>(chunk_.active()), -1);
  for (int k = 0; k < chunk_.active(); ++k) {
    if (!(value(k) > 0)) continue;
    rows_[static_cast<std::size_t>(k)] = static_cast<int>(positions_.size());
    positions_.push_back(k);
  }
  if (positions_.empty()) return;
  chunk_.batch().backward(positions_, [this](int r, std::span<double> gradient) {
    const int k = positions_[static_cast<std::size_t>(r)];
    score_direction(objective_, chunk_.batch().logits(k), chunk_.aim(chunk_.image(k)), gradient);
  });
}

std::optional<TensorView> Hinge::score_gradient(int k) const {
  const int row = rows_[static_cast<std::size_t>(k)];
  if (row < 0) return std::nullopt;
  return chunk_.batch().gradient(row);
}

}  // namespace faultline::attack
