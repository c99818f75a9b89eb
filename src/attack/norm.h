#pragma once

#include <span>

#include "attack/options.h"

namespace faultline::attack {

// A norm of values that come one by one: max |d_i|, sqrt(sum d_i^2), sum |d_i| or the number of d_i != 0,
// summed in double in the order given.
class NormSum {
 public:
  explicit NormSum(Norm norm) : norm_(norm) {}
  void add(double d);
  double value() const;

 private:
  Norm norm_;
  double sum_ = 0;
};

double norm_of(Norm norm, std::span<const double> values);
double norm_of(Norm norm, std::span<const float> values);

// The norm q of gradients that belongs to p: |<w, d>| <= |w|_q |d|_p, with equality for the best d. Throws
// ContractError for l0, which has none.
Norm dual(Norm norm);

}  // namespace faultline::attack
