#pragma once

#include <optional>
#include <string_view>

#include "causal/substitution.h"
#include "net/graph.h"

namespace faultline::causal {

// What values a node can have: those of its activation.
struct ValueRange {
  double least;
  double largest;
};
// Of ReLU [0, inf), of Clip and the sigmoid theirs, of tanh [-1, 1]; all numbers for any other operator.
ValueRange value_range(const net::Graph& graph, net::NodeId node);

// A moved by `size` in the direction D: A + s D, clamped to the range, with |A(s) - A| = size to within 1 %.
// Missing where no s does that, as along a direction that is 0, or that the clamp keeps nothing of.
std::optional<DoubleTensor> moved(const DoubleTensor& activation, const DoubleTensor& direction, double size,
                                  const ValueRange& range);

// How far A has to be moved along another deviation D than the adversarial one before the answer flips.
struct DeviationDose {
  std::optional<double> dose;  // u: |A(u) - A| = u |A_a - A| flips; none: censored at `limit`
  double limit = 0;            // the largest u that was tried; 0 if none can be reached
};

// Doses that are tried: `largest`, and below it so many octaves in equal steps of the logarithm.
struct DoseLevels {
  double largest = 64;
  int octaves = 7;  // down to 1/2
  int per_octave = 1;
};

// The smallest level that flips, by bisection after the largest was seen to (first_deciding_level): 4 runs,
// or 1 where it is censored. Over critical_dose, its counterpart of the adversarial deviation, it is the
// *direction factor*: how much more of another deviation than of the adversarial one it takes. Where even the
// least level flips that is the dose.
//   direction: D, of A's shape; its length does not matter.
DeviationDose deviation_dose(Substitution& substitution, const DoubleTensor& direction,
                             const ValueRange& range, const MarginClasses& classes,
                             const DoseLevels& levels = {});

// D of i.i.d. standard normal numbers, those of a stream.
DoubleTensor white_noise(const Shape& shape, std::uint64_t seed, std::string_view stream);

}  // namespace faultline::causal
