#include "attack/gradient_sum.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline::attack {

double log_slope(const Objective& objective, const Verdict& verdict) {
  require(objective.loss != Loss::dlr, "log_slope: the loss dlr has none");
  // loss = -ln softmax(z)_y, which may be smaller than 1 - softmax(z)_y resolves.
  return objective.loss == Loss::margin ? 0 : std::log(-std::expm1(-verdict.loss));
}

void GradientSum::clear() {
  std::ranges::fill(values_, 0.0);
  is_empty_ = true;
}

double GradientSum::factor(double log_factor) {
  if (is_empty_ || log_factor > log_scale_) {
    const double shrink = is_empty_ ? 1 : std::exp(log_scale_ - log_factor);
    for (double& value : values_) value *= shrink;
    log_scale_ = log_factor;
    is_empty_ = false;
  }
  return std::exp(log_factor - log_scale_);
}

void GradientSum::add(double weight, TensorView direction, double log_factor) {
  require(direction.values().size() == values_.size(), "GradientSum: sizes differ");
  if (!std::isfinite(log_factor)) return;  // a gradient of length 0
  const double scaled = weight * factor(log_factor);
  for (std::size_t i = 0; i < values_.size(); ++i)
    values_[i] += scaled * static_cast<double>(direction[static_cast<std::int64_t>(i)]);
}

void GradientSum::add(double weight, const GradientSum& other) {
  require(other.values_.size() == values_.size(), "GradientSum: sizes differ");
  if (other.is_empty_) return;
  const double scaled = weight * factor(other.log_scale_);
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i] += scaled * other.values_[i];
}

}  // namespace faultline::attack
