#pragma once

#include "findings/condition_findings.h"
#include "findings/finding.h"
#include "findings/stored_run.h"

namespace faultline::findings {

// Puts a finding's claim and verdict into words: `claim` and `words`, from its id, answer and variants. In a
// network without the layers that F4 names, F4's words say which layers are the most susceptible.
void describe(const StoredRun& run, const ConditionFindings& at, Finding& finding);

}  // namespace faultline::findings
