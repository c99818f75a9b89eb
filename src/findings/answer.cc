#include "findings/answer.h"

#include <fmt/format.h>

#include <utility>

#include "findings/rules.h"

namespace faultline::findings {

Answer not_said(std::string reason, std::vector<Measure> measures) {
  return {.verdict = Verdict::not_said, .reason = std::move(reason), .measures = std::move(measures)};
}

std::string lacking(const Measure& measure) {
  if (measure.n < kFewestForVerdict) {
    return fmt::format("too few images: {} have it, a verdict takes {}", measure.n, kFewestForVerdict);
  }
  return interval_of(measure) ? "" : "it has no interval";
}

}  // namespace faultline::findings
