#pragma once

#include <map>
#include <string>

#include "oracles/stored.h"
#include "tensor/tensor.h"

namespace faultline::oracles {

// |a - b| / |b| over all elements (b the stored values, whose shape is disregarded); |a| where |b| is 0,
// infinite where a value is no number or the numbers of elements differ.
double relative_l2(DoubleTensorView a, DoubleTensorView b);

// relative_l2 of the elements that were kept.
double sample_error(DoubleTensorView found, const StoredTensor& stored);

// The larger of the errors of the norm, relative to it, and of the sum of n elements, relative to norm
// sqrt(n); the norm itself where it should be 0.
double moments_error(DoubleTensorView found, const StoredTensor& stored);

// The largest error of each kind of quantity, for a test to check one by one and print at its end.
class WorstErrors {
 public:
  // Fails the running test if the error is above the tolerance.
  void check(const std::string& kind, const std::string& where, double error, double tolerance);
  // "TITLE: logits 1.2e-07, ..."
  void print(const std::string& title) const;

 private:
  std::map<std::string, double> largest_;
};

}  // namespace faultline::oracles
