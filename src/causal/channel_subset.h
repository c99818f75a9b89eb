#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "causal/substitution.h"

namespace faultline::causal {

// The fewest channels, taken in an order, whose exchange decides.
struct ChannelSubset {
  std::optional<std::int64_t> channels;  // how many; none if not even all of them decide: censored
  double share = 1;                      // of the channels
  double square_share = 1;               // of |A_a - A|^2, in those channels
};

// Which prefixes of an order are tried.
struct PrefixSearch {
  // Shares of the channels 2^-halvings, ..., 1/4, 1/2 and all, rounded up to whole channels: all first, then
  // by bisection (first_deciding_level).
  int halvings = 6;
  // Or every number of channels: 1, 2, 4, ... at once, then by bisection between the first that decides and
  // the one before it.
  bool exact = false;
};

// The smallest prefix found that flips the run of x. Exchanging more channels need not flip more surely: the
// result is one that flips next to one that was tried and does not.
//   order [C]: channels, the first to be exchanged first.
ChannelSubset smallest_flipping_prefix(Substitution& substitution, std::span<const int> order,
                                       const MarginClasses& classes, const PrefixSearch& search = {});
// The same of channels set back to clean in the run of x_a, until the answer is the clean class.
ChannelSubset smallest_restoring_prefix(Substitution& substitution, std::span<const int> order,
                                        const MarginClasses& classes, const PrefixSearch& search = {});

// The channels by a value, smallest first; of equal ones the first. Of pulls: the most harmful first.
std::vector<int> ascending(std::span<const double> values);

}  // namespace faultline::causal
