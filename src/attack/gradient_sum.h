#pragma once

#include <span>
#include <vector>

#include "attack/objective.h"
#include "tensor/tensor.h"

namespace faultline::attack {

// ln of the positive number by which score_direction divides the score's gradient, up to a constant of the
// objective. cross-entropy: ln(1 - softmax(z)_y), exact also where the softmax rounds to 1; margin: 0.
// Throws ContractError for dlr, whose is not known from the verdict.
double log_slope(const Objective& objective, const Verdict& verdict);

// A weighted sum of gradients that are given as directions with the logarithms of their lengths' factors:
//   sum = exp(log_scale) sum(), the largest factor being kept apart, so that nothing overflows or vanishes
//   that matters beside the others.
class GradientSum {
 public:
  explicit GradientSum(std::size_t elements) : values_(elements, 0.0) {}

  void clear();
  void add(double weight, TensorView direction, double log_factor);
  void add(double weight, const GradientSum& other);
  std::span<const double> values() const { return values_; }

 private:
  // exp(log_factor) in units of the scale, which is raised to it if it is smaller.
  double factor(double log_factor);

  std::vector<double> values_;
  bool is_empty_ = true;
  double log_scale_ = 0;
};

}  // namespace faultline::attack
