#include "attack/loss.h"

#include <cmath>

#include "attack/dlr.h"
#include "base/error.h"

namespace faultline::attack {

namespace {

void check(std::span<const double> logits, int y) {
  require(logits.size() >= 2, "attack loss: at least two classes");
  require(y >= 0 && static_cast<std::size_t>(y) < logits.size(), "attack loss: class out of range");
}

std::size_t largest_other(std::span<const double> logits, std::size_t y) {
  std::size_t best = y == 0 ? 1 : 0;
  for (std::size_t j = best + 1; j < logits.size(); ++j) {
    if (j != y && logits[j] > logits[best]) best = j;
  }
  return best;
}

// log sum over j != y of exp(z_j).
double log_sum_of_others(std::span<const double> logits, std::size_t y) {
  const double largest = logits[largest_other(logits, y)];
  double sum = 0;
  for (std::size_t j = 0; j < logits.size(); ++j) {
    if (j != y) sum += std::exp(logits[j] - largest);
  }
  return largest + std::log(sum);
}

// log(1 + exp(a)) without overflow.
double softplus(double a) {
  return a > 0 ? a + std::log1p(std::exp(-a)) : std::log1p(std::exp(a));
}

}  // namespace

double loss_value(Loss loss, std::span<const double> logits, int y) {
  check(logits, y);
  if (loss == Loss::dlr) return dlr(logits, y);
  const auto label = static_cast<std::size_t>(y);
  if (loss == Loss::margin) return logits[largest_other(logits, label)] - logits[label];
  return softplus(log_sum_of_others(logits, label) - logits[label]);
}

void loss_direction(Loss loss, std::span<const double> logits, int y, std::span<double> gradient) {
  check(logits, y);
  require(gradient.size() == logits.size(), "attack loss: gradient and logits differ in size");
  if (loss == Loss::dlr) return dlr_direction(logits, y, gradient);
  const auto label = static_cast<std::size_t>(y);
  if (loss == Loss::margin) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    gradient[largest_other(logits, label)] = 1;
  } else {
    const double log_sum = log_sum_of_others(logits, label);
    for (std::size_t j = 0; j < logits.size(); ++j) gradient[j] = std::exp(logits[j] - log_sum);
  }
  gradient[label] = -1;
}

}  // namespace faultline::attack
