#include "findings/measure.h"

namespace faultline::findings {

std::optional<stats::Interval> interval_of(const Measure& measure) {
  return measure.estimate ? measure.estimate->interval : std::nullopt;
}

}  // namespace faultline::findings
