#pragma once

namespace faultline::attack {

// The search for the weight c of the loss |d|^2 + c f (Carlini & Wagner 2017, section VI.D, with the
// constants of their code): ten times as much until an attack succeeds, then bisection between the largest
// that failed and the smallest that succeeded.
class WeightSearch {
 public:
  explicit WeightSearch(double first) : weight_(first) {}
  double weight() const { return weight_; }
  // What came of weight().
  void next(bool succeeded) {
    (succeeded ? upper_ : lower_) = weight_;
    weight_ = upper_ < kNone ? (lower_ + upper_) / 2 : 10 * weight_;
  }

 private:
  static constexpr double kNone = 1e10;
  double lower_ = 0;
  double upper_ = kNone;
  double weight_;
};

}  // namespace faultline::attack
