#pragma once

#include <span>
#include <vector>

namespace faultline::attack {

// Adam (Kingma & Ba 2015, algorithm 1) for one image's variables, with its constants beta_1 0.9, beta_2 0.999
// and 1e-8: m, v the running means of g and g^2 divided by 1 - beta^t;
//   w <- w - step_size m/(sqrt(v) + 1e-8).
class Adam {
 public:
  explicit Adam(std::size_t variables) : mean_(variables), square_(variables) {}

  // Forgets all steps.
  void reset();
  // `gradient(i)` is that of variable i.
  template <class Gradient>
  void step(double step_size, const Gradient& gradient, std::span<double> variables) {
    begin_step();
    for (std::size_t i = 0; i < variables.size(); ++i) {
      variables[i] -= step_size * direction(i, gradient(i));
    }
  }

 private:
  void begin_step();
  double direction(std::size_t i, double gradient);

  std::vector<double> mean_, square_;
  double mean_decay_ = 1;  // beta_1^t
  double square_decay_ = 1;
};

}  // namespace faultline::attack
