#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "findings/measure.h"

namespace faultline::findings {

// A quantity measured in pairs: the mean of first minus second, and the signed-rank test of those.
struct PairedDifference {
  std::string name = {};
  Measure difference = {};  // intervals of a family hold together
  double p = 1;
  double p_adjusted = 1;  // by Holm over the family
  Measured rank_biserial = {};
};

// A family: names [places]; pairs [units][places] of first and second, units that lack either left out.
using Pairs = std::vector<std::vector<std::pair<Measured, Measured>>>;
std::vector<PairedDifference> paired_differences(const std::vector<std::string>& names, const Pairs& pairs);

}  // namespace faultline::findings
