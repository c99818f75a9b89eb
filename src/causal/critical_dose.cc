#include "causal/critical_dose.h"

#include "base/error.h"

namespace faultline::causal {

CriticalDose critical_dose(const Flips& flips, const DoseGrid& grid) {
  require(grid.points >= 1 && grid.resolution > 0, "critical_dose: no grid");
  std::vector<double> doses;
  for (int i = 1; i <= grid.points; ++i) doses.push_back(static_cast<double>(i) / grid.points);
  const std::vector<bool> flipped = flips(doses);
  CriticalDose found;
  for (std::size_t i = 0; i < doses.size() && !found.dose; ++i) {
    if (flipped[i]) {
      found.dose = doses[i];
    } else {
      found.holds = doses[i];
    }
  }
  while (found.dose && *found.dose - found.holds > grid.resolution) {
    const std::vector<double> middle = {(*found.dose + found.holds) / 2};
    if (flips(middle)[0]) {
      found.dose = middle[0];
    } else {
      found.holds = middle[0];
    }
  }
  return found;
}

CriticalDose critical_dose(Substitution& substitution, const MarginClasses& classes, const DoseGrid& grid) {
  return critical_dose(
      [&](std::span<const double> doses) {
        // A dose of 1 exchanges all, which others ask for too.
        const bool whole = !doses.empty() && doses.back() == 1;
        std::vector<bool> flipped;
        for (const Outcome& outcome : substitution.doses(whole ? doses.first(doses.size() - 1) : doses))
          flipped.push_back(outcome.flips(classes));
        if (whole) flipped.push_back(substitution.exchanged_whole().flips(classes));
        return flipped;
      },
      grid);
}

}  // namespace faultline::causal
