#include "attack/largest_others.h"

#include <algorithm>
#include <numeric>

#include "base/index.h"

namespace faultline::attack {

std::vector<int> largest_others(std::span<const double> logits, int label, int count) {
  std::vector<int> classes(logits.size());
  std::iota(classes.begin(), classes.end(), 0);
  std::erase(classes, label);
  std::ranges::stable_sort(classes, [logits](int a, int b) { return logits[index(a)] > logits[index(b)]; });
  if (static_cast<int>(classes.size()) > count) classes.resize(index(count));
  return classes;
}

}  // namespace faultline::attack
