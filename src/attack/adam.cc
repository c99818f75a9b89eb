#include "attack/adam.h"

#include <algorithm>
#include <cmath>

namespace faultline::attack {

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;

}  // namespace

void Adam::reset() {
  std::ranges::fill(mean_, 0.0);
  std::ranges::fill(square_, 0.0);
  mean_decay_ = 1;
  square_decay_ = 1;
}

void Adam::begin_step() {
  mean_decay_ *= kBeta1;
  square_decay_ *= kBeta2;
}

double Adam::direction(std::size_t i, double gradient) {
  mean_[i] = kBeta1 * mean_[i] + (1 - kBeta1) * gradient;
  square_[i] = kBeta2 * square_[i] + (1 - kBeta2) * gradient * gradient;
  const double mean = mean_[i] / (1 - mean_decay_);
  const double square = square_[i] / (1 - square_decay_);
  return mean / (std::sqrt(square) + 1e-8);
}

}  // namespace faultline::attack
