#pragma once

#include <string>

#include "findings/censored_median.h"
#include "store/rows.h"

namespace faultline::findings {

// Whether a condition's attack is bounded in Linf: its eps is read in steps of 8 bits then.
bool eps_in_255ths(const store::ConditionRow& condition);

// A median strength as a person reads it: "0.84/255 (0.25 to 1.3)" of attacks bounded in Linf, "0.5 (0.4 to
// 0.6)" of others, in pixel units; "more than 64/255" where it is censored, "at most 0.25/255" where the
// least that was tried suffices; "-" for n = 0.
std::string eps_words(const store::ConditionRow& condition, const CensoredMedian& eps);

}  // namespace faultline::findings
