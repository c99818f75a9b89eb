#pragma once

#include <vector>

#include "attack/chunk.h"

namespace faultline::attack {

// As a limit of a norm: none. No perturbation of the largest image, 3 channels of 8192 x 8192 pixels, is
// larger in any norm.
inline constexpr double kNoLimit = 3.0 * 8192 * 8192;

// The smallest adversarial point that was seen of each image of a chunk, in a norm: what minimal-norm attacks
// look for. Distances are those of the float points that are kept.
class Smallest {
 public:
  // Points beyond the limit are passed over.
  Smallest(Norm norm, double limit, Chunk& chunk);

  // Keeps the k-th active image's point, of the last forward, if it is adversarial, within the limit and
  // nearer than what is kept. Returns whether it is adversarial.
  bool offer(int k, int restart, int steps);
  // The same of a point that is adversarial only if `also` holds too (a confidence, say).
  bool offer_if(bool also, int k, int restart, int steps);

  // Of the point that is kept; infinite if none is.
  double distance(int image) const { return distances_[static_cast<std::size_t>(image)]; }
  bool found(int image) const { return chunk_.has_kept(image); }

  // Begins an attack: images whose clean point is adversarial keep it and leave the batch.
  void begin();

 private:
  Norm norm_;
  double limit_;
  Chunk& chunk_;
  std::vector<double> distances_;  // [size]
};

}  // namespace faultline::attack
