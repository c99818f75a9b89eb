#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "findings/evidence.h"
#include "findings/stored_run.h"

namespace faultline::report {

// The images that a report shows one by one, chosen by a rule and not by hand. An image may be there for more
// than one reason.
struct Exemplar {
  std::size_t place = 0;  // in ConditionEvidence::images
  std::vector<std::string> reasons = {};
};

// How many are shown of each reason; fewer where there are not as many.
struct ExemplarCounts {
  std::size_t typical = 12;  // whose eps* is nearest to the median's place in the order of eps*
  std::size_t extremes =
      6;  // of each end: of eps*, and of the distraction beyond Gaussian noise (F1a's measure)
  std::size_t failures = 6;  // whose answer did not change; whose change rounding to 8 bits undoes
  std::size_t by_lot = 10;   // of all, by the hash of their content: what a reader can take for the set
};

// Of a condition's images with a perturbed input, ascending by place. Ties go to the earlier image. In place
// of eps*, where that was not looked for, stands the log excess of the adversarial input at the last point.
std::vector<Exemplar> choose_exemplars(const findings::StoredRun& run,
                                       const findings::ConditionEvidence& evidence,
                                       const ExemplarCounts& counts = {});

// The rule in words, for those who look at the pictures.
std::string rule_in_words(const ExemplarCounts& counts);

}  // namespace faultline::report
