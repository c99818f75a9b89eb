#pragma once

#include <algorithm>
#include <vector>

namespace faultline::attack {

// When C&W and EAD give an optimisation up (as Carlini & Wagner's code does): every tenth of its steps the
// loss must have fallen by 1e-4 of itself.
class EarlyAbort {
 public:
  EarlyAbort(bool enabled, int steps, int images)
      : enabled_(enabled), interval_(std::max(1, steps / 10)), last_(static_cast<std::size_t>(images)) {
    reset();
  }
  void reset() { std::ranges::fill(last_, 1e6); }
  // step: 0, 1, ...
  bool gives_up(int image, int step, double loss) {
    if (!enabled_ || step % interval_ != 0) return false;
    double& last = last_[static_cast<std::size_t>(image)];
    if (loss > 0.9999 * last) return true;
    last = loss;
    return false;
  }

 private:
  bool enabled_;
  int interval_;
  std::vector<double> last_;  // by image
};

}  // namespace faultline::attack
