#include "attack/norm.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline::attack {

namespace {

template <class T>
double norm_of_values(Norm norm, std::span<const T> values) {
  NormSum sum(norm);
  for (const T value : values) sum.add(static_cast<double>(value));
  return sum.value();
}

}  // namespace

void NormSum::add(double d) {
  switch (norm_) {
    case Norm::linf:
      sum_ = std::max(sum_, std::abs(d));
      break;
    case Norm::l2:
      sum_ += d * d;
      break;
    case Norm::l1:
      sum_ += std::abs(d);
      break;
    case Norm::l0:
      sum_ += d != 0 ? 1 : 0;
      break;
  }
}

double NormSum::value() const {
  return norm_ == Norm::l2 ? std::sqrt(sum_) : sum_;
}

double norm_of(Norm norm, std::span<const double> values) {
  return norm_of_values(norm, values);
}

double norm_of(Norm norm, std::span<const float> values) {
  return norm_of_values(norm, values);
}

Norm dual(Norm norm) {
  switch (norm) {
    case Norm::linf:
      return Norm::l1;
    case Norm::l2:
      return Norm::l2;
    case Norm::l1:
      return Norm::linf;
    case Norm::l0:
      break;
  }
  throw ContractError("dual: l0 has no dual norm");
}

}  // namespace faultline::attack
