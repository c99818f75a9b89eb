#pragma once

#include <span>
#include <vector>

namespace faultline::attack {

// The `count` classes other than `label` with the largest logits [K], largest first, first of equals; all if
// there are fewer.
std::vector<int> largest_others(std::span<const double> logits, int label, int count);

}  // namespace faultline::attack
