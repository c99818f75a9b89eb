#include "findings/verdict.h"

#include <algorithm>

namespace faultline::findings {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::supported:
      return "supported";
    case Verdict::not_supported:
      return "not supported";
    case Verdict::undecided:
      return "undecided";
    case Verdict::not_said:
      break;
  }
  return "not said";
}

Verdict exceeds(const Measure& measure, double bar) {
  return exceeds(measure, bar, bar);
}

Verdict exceeds(const Measure& measure, double bar, double refuted) {
  const auto interval = interval_of(measure);
  if (!interval) return Verdict::not_said;
  if (interval->lower > bar) return Verdict::supported;
  return interval->upper < refuted ? Verdict::not_supported : Verdict::undecided;
}

Verdict all_of(std::span<const Verdict> parts) {
  const auto has = [&](Verdict verdict) {
    return std::find(parts.begin(), parts.end(), verdict) != parts.end();
  };
  if (has(Verdict::not_supported)) return Verdict::not_supported;
  if (parts.empty() || has(Verdict::not_said)) return Verdict::not_said;
  return has(Verdict::undecided) ? Verdict::undecided : Verdict::supported;
}

}  // namespace faultline::findings
