#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "causal/substitution.h"

namespace faultline::causal {

// What is found along a path from nothing (0) to all (1) that need not be monotone: the smallest dose of the
// grid that flips, made finer by bisection down to the one before it.
struct CriticalDose {
  std::optional<double> dose;  // flips; none if no dose of the grid does: censored at 1
  double holds = 0;            // the largest one below it that was tried and does not flip; 1 if censored
};

struct DoseGrid {
  int points = 8;                // 1/points, 2/points, ..., 1
  double resolution = 1.0 / 64;  // |dose - holds| in the end, at most
};

// `flips` tells of each dose whether it flips; is called once with the grid, then with one dose at a time.
using Flips = std::function<std::vector<bool>(std::span<const double> doses)>;
CriticalDose critical_dose(const Flips& flips, const DoseGrid& grid = {});

// Of a node's value: the smallest u at which (1 - u) A + u A_a flips the answer of the run of x.
CriticalDose critical_dose(Substitution& substitution, const MarginClasses& classes,
                           const DoseGrid& grid = {});

}  // namespace faultline::causal
