#pragma once

#include <span>
#include <string_view>

#include "findings/measure.h"

namespace faultline::findings {

enum class Verdict {
  supported,
  not_supported,
  undecided,
  not_said,  // the run lacks what it takes
};

// "supported", "not supported", "undecided", "not said".
std::string_view name_of(Verdict verdict);

// Whether a quantity exceeds a bar: supported if the interval's lower end is above it, not supported if its
// upper end is below, else undecided; not said without an interval.
Verdict exceeds(const Measure& measure, double bar);
// The same with another bar for "not supported": below `refuted`.
Verdict exceeds(const Measure& measure, double bar, double refuted);

// Of a claim that needs all of these: not supported if one of them is not, whatever the others; else not said
// if one is not; supported if all are; else undecided. Not said if there is none.
Verdict all_of(std::span<const Verdict> parts);

}  // namespace faultline::findings
