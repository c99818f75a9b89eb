#include "attack/smallest.h"

#include <limits>

#include "attack/projection.h"
#include "attack/retain.h"

namespace faultline::attack {

Smallest::Smallest(Norm norm, double limit, Chunk& chunk)
    : norm_(norm),
      limit_(limit),
      chunk_(chunk),
      distances_(static_cast<std::size_t>(chunk.size()), std::numeric_limits<double>::infinity()) {}

bool Smallest::offer(int k, int restart, int steps) {
  return offer_if(true, k, restart, steps);
}

bool Smallest::offer_if(bool also, int k, int restart, int steps) {
  const Verdict verdict = chunk_.judge(k);
  if (!verdict.success || !also) return false;
  const int image = chunk_.image(k);
  const TensorView point = chunk_.batch().point(k);
  const double size = attack::distance(norm_, chunk_.clean(image), point);
  if (size <= limit_ && size < distance(image)) {
    chunk_.keep(image, point, verdict, restart, steps);
    distances_[static_cast<std::size_t>(image)] = size;
  }
  return true;
}

void Smallest::begin() {
  retain(chunk_.batch(), [this](int k) { return !offer(k, 0, 0); });
}

}  // namespace faultline::attack
