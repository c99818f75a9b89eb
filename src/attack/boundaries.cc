#include "attack/boundaries.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "attack/largest_others.h"
#include "attack/norm.h"
#include "base/error.h"

namespace faultline::attack {

Boundaries::Boundaries(Chunk& chunk, Goal goal, std::vector<std::vector<int>> candidates)
    : chunk_(chunk), goal_(goal), candidates_(std::move(candidates)) {
  require(goal != Goal::boost, "Boundaries: no boundary is to be crossed");
}

void Boundaries::add_pairs(int k) {
  const Aim& aim = chunk_.aim(chunk_.image(k));
  if (goal_ == Goal::targeted) {
    pairs_.push_back({aim.target, largest_others(chunk_.batch().logits(k), aim.target, 1)[0]});
  } else {
    for (const int j : candidates_[static_cast<std::size_t>(chunk_.image(k))])
      pairs_.push_back({j, aim.label});
  }
  positions_.resize(pairs_.size(), k);
}

void Boundaries::linearise() {
  first_.assign(1, 0);
  positions_.clear();
  pairs_.clear();
  for (int k = 0; k < chunk_.active(); ++k) {
    add_pairs(k);
    first_.push_back(static_cast<int>(pairs_.size()));
  }
  chunk_.batch().backward(positions_, [this](int r, std::span<double> gradient) {
    const Pair pair = pairs_[static_cast<std::size_t>(r)];
    std::ranges::fill(gradient, 0.0);
    gradient[static_cast<std::size_t>(pair.up)] = 1;
    gradient[static_cast<std::size_t>(pair.down)] = -1;
  });
}

std::size_t Boundaries::row(int k, int i) const {
  return static_cast<std::size_t>(first_[static_cast<std::size_t>(k)] + i);
}

int Boundaries::count(int k) const {
  return first_[static_cast<std::size_t>(k) + 1] - first_[static_cast<std::size_t>(k)];
}

double Boundaries::value(int k, int i) const {
  const Pair pair = pairs_[row(k, i)];
  const std::span<const double> logits = chunk_.batch().logits(k);
  return logits[static_cast<std::size_t>(pair.up)] - logits[static_cast<std::size_t>(pair.down)];
}

TensorView Boundaries::gradient(int k, int i) const {
  return chunk_.batch().gradient(static_cast<int>(row(k, i)));
}

std::optional<int> Boundaries::nearest(Norm norm, int k) const {
  const Norm gradient_norm = dual(norm == Norm::l0 ? Norm::l1 : norm);
  std::optional<int> best;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < count(k); ++i) {
    const double length = norm_of(gradient_norm, gradient(k, i).values());
    const double distance = std::abs(value(k, i)) / length;
    // false where the length is 0 or not a number
    if (length > 0 && distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

}  // namespace faultline::attack
