#pragma once

#include <vector>

#include "findings/condition_findings.h"
#include "findings/finding.h"
#include "findings/stored_run.h"

namespace faultline::findings {

// Which condition's answers are the primary ones: of the first attack: at twice the critical strength, else
// at the largest fixed one, else at the critical one or with given inputs. At eps* itself the answer hangs by
// a hair: rounding to 8 bits undoes many of those flips. Throws ContractError without a condition.
std::size_t primary_condition(const std::vector<store::ConditionRow>& conditions);

// Findings F1a to F4 from those of the model's conditions. Variants: those of the primary condition, and the
// primary variant of each other condition. Empty without a condition.
std::vector<Finding> assemble(const StoredRun& run, const std::vector<ConditionFindings>& conditions);

// F3's answer of a variant, beside the other attacks of the same regime and strength.
Answer specific_blocks_answer(const StoredRun& run, const std::vector<ConditionFindings>& conditions,
                              std::size_t condition, std::size_t variant);

}  // namespace faultline::findings
