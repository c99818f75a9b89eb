#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "findings/measure.h"
#include "findings/verdict.h"

namespace faultline::findings {

// What one way of asking a finding's question says.
struct Answer {
  Verdict verdict = Verdict::not_said;
  std::string reason = {};  // of "not said"; elsewhere what the verdict turned on, or empty
  std::vector<Measure> measures = {};
  std::size_t judged = 1;  // how many of them, the first, the rule judges; fewer where there are fewer
};

Answer not_said(std::string reason, std::vector<Measure> measures = {});

// Why a measure gives no verdict; empty if it does: it needs kFewestForVerdict images and an interval.
std::string lacking(const Measure& measure);

}  // namespace faultline::findings
