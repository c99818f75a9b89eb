#pragma once

#include <span>
#include <string>
#include <vector>

#include "attack/attack.h"

namespace faultline::attack {

// Some images of an input as an input of their own, in the order given: copies of their pixels, labels,
// targets and keys.
class InputSubset {
 public:
  InputSubset(const AttackInput& whole, std::span<const int> images);
  // Valid as long as this lives and stays where it is.
  AttackInput input() const;

 private:
  Tensor pixels_;
  Tensor guides_;
  std::vector<int> labels_, targets_;
  std::vector<std::string> keys_;
  std::uint64_t seed_;
  int max_batch_;
};

}  // namespace faultline::attack
