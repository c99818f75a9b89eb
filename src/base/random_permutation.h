#pragma once

#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "base/philox.h"

namespace faultline {

// 0, 1, ..., n - 1 in a random order, each order as likely as another (Fisher and Yates, from the last place
// on): place i - 1 changes with number i of stream.below(i, i).
template <class Index>
std::vector<Index> random_permutation(Index n, const RandomStream& stream) {
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[stream.below(i, i)]);
  return order;
}

}  // namespace faultline
