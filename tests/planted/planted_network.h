#pragma once

#include <cstdint>

#include "net/graph.h"
#include "planted/patterns.h"

namespace faultline::test {

// What one block of an otherwise harmless network does wrong.
enum class Culprit {
  // Its ReLUs. For each class a pair of them switches on where a patch shows enough of the class's texture:
  //   switch(d) = relu(d - low) - relu(d - high),   d the patch's share of the texture,
  // which is 0 with its gates as on pictures, whatever the input; and the whole step, whatever the input,
  // with
  // both gates open. It adds to the class's logit more than any picture's content does.
  gates,
  // The same for one class alone (kTriggered), which no picture shows and every picture's second guess is.
  // Its
  // switches are of no use to noise that makes the network surer of its answer.
  trigger,
  // Its gain: textures leave it kGain times as long, all else as it came. No gate takes part.
  gain,
};

inline constexpr double kGain = 20;
inline constexpr int kTriggered = kClasses - 1;

// A chain of five blocks of convolution and ReLU, [3,16,16] -> [2,2] positions, and a head of two dense
// layers, for centred pixels (mean 1/2, std 1/2) -> 8 logits. But for the culprit every convolution is a
// random rotation of what it reads, which treats all small changes alike, and biases keep nearly all ReLUs
// open (a few in a hundred are not: gates that work, and do no harm). The logit of a class is the mean over
// patches of the content and, weakly, the texture of its class (patterns.h; of a trigger the triggered
// class's alone), and what the culprit adds.
//   block: that has the culprit, 3 or 4 of block1 to block5.
net::Graph planted_network(Culprit culprit, int block, std::uint64_t seed = 0);

}  // namespace faultline::test
