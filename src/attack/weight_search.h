#pragma once

#include <cstdint>
#include <vector>

#include "attack/chunk.h"

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

// The search's optimisations of a chunk's active images, `rounds` of `steps` steps each; every round begins
// with the same images. A step may take images out of the batch.
//   begin()              writes the images' variables for the first step
//   advance(round, step) takes a step, 0 the first
//   end(image)           sets the image's next weight
template <class Begin, class Advance, class End>
void search_weights(Chunk& chunk, int rounds, int steps, const Begin& begin, const Advance& advance,
                    const End& end) {
  const std::vector<int> images(chunk.batch().images().begin(), chunk.batch().images().end());
  for (int round = 0; round < rounds && !images.empty() && chunk.has_time(); ++round) {
    chunk.batch().activate(images);
    begin();
    for (int step = 0; step < steps && chunk.active() > 0 && chunk.step(); ++step) advance(round, step);
    for (const int image : images) end(image);
    chunk.skip_to(std::int64_t{round + 1} * steps);
  }
}

}  // namespace faultline::attack
