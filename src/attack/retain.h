#pragma once

#include <vector>

#include "attack/active_batch.h"

namespace faultline::attack {

// The active images whose position does not satisfy `stays` leave the batch. `stays` is called once for each
// position, in ascending order.
template <class Predicate>
void retain(ActiveBatch& batch, const Predicate& stays) {
  const int active = static_cast<int>(batch.images().size());
  std::vector<int> staying;
  for (int k = 0; k < active; ++k) {
    if (stays(k)) staying.push_back(k);
  }
  if (static_cast<int>(staying.size()) < active) batch.keep(staying);
}

}  // namespace faultline::attack
