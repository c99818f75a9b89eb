#pragma once

#include <string>
#include <vector>

#include "findings/condition_findings.h"
#include "findings/finding.h"

namespace faultline::findings {

// What a reader of a finding has to know beside its verdict.
struct CaveatQuestions {
  bool about_flips = false;   // the finding is of flips that survive rounding
  bool about_causes = false;  // a linear effect leaves no block to blame
  const std::vector<Answer>* twins = nullptr;
  double twin_bar = 0;            // a twin whose measures exceed it shows the same
  std::size_t twin_measures = 1;  // how many of its measures have to
};
std::vector<std::string> caveats_of(const StoredRun& run, const ConditionFindings& at, const Answer& answer,
                                    const CaveatQuestions& questions);

}  // namespace faultline::findings
