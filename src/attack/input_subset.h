#pragma once

#include <span>
#include <string>
#include <vector>

#include "attack/attack.h"

namespace faultline::attack {

// Some images of an input as an input of their own, in the order given: copies of what belongs to
// an image; the rest is the same.
class InputSubset {
 public:
  InputSubset(const AttackInput& whole, std::span<const int> images);
  // Valid as long as this lives and stays where it is.
  AttackInput input() const;

 private:
  AttackInput whole_;
  Tensor pixels_, guides_, masks_;
  std::vector<int> labels_, targets_;
  std::vector<std::string> keys_;
};

}  // namespace faultline::attack
