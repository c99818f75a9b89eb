#include "causal/gate_sets.h"

#include <algorithm>
#include <functional>

namespace faultline::causal {

namespace {

// `badness` of a set is what ascends from the strongest; sets with none below 0 do not decide.
std::vector<Coalition> smallest(int blocks, const std::function<double(Coalition)>& badness) {
  std::vector<Coalition> sets;
  for (int count = 0; count <= blocks && sets.empty(); ++count) {
    for (Coalition set = 0; set <= everyone(blocks); ++set) {
      if (size(set) == count && badness(set) < 0) sets.push_back(set);
    }
  }
  std::ranges::stable_sort(sets, {}, badness);
  return sets;
}

}  // namespace

GateSets gate_sets(std::span<const double> values) {
  const int blocks = players_of(values) - 1;
  const auto value = [&](bool adversarial_input, Coalition gates) {
    return values[gates << 1U | (adversarial_input ? 1U : 0U)];
  };
  const Coalition all = everyone(blocks);
  return {.gates_only = smallest(blocks, [&](Coalition set) { return value(false, set); }),
          .given_linear_path = smallest(blocks, [&](Coalition set) { return value(true, set); }),
          .restoring = smallest(blocks, [&](Coalition set) { return -value(true, all & ~set); })};
}

}  // namespace faultline::causal
