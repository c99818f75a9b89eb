#include "attack/target_rule.h"

#include <vector>

#include "attack/largest_others.h"
#include "base/error.h"

namespace faultline::attack {

int target_of(const TargetRule& rule, std::span<const double> logits, int label, const RandomStream& stream) {
  const int others = static_cast<int>(logits.size()) - 1;
  require(others >= 1, "target_of: expected two classes at least");
  switch (rule.kind) {
    case TargetRule::Kind::likely:
      require(rule.rank >= 1 && rule.rank <= others, "target_of: rank out of range");
      return largest_others(logits, label, rule.rank).back();
    case TargetRule::Kind::least_likely:
      return largest_others(logits, label, others).back();
    case TargetRule::Kind::random:
      break;
  }
  const int drawn = static_cast<int>(stream.below(0, static_cast<std::uint64_t>(others)));
  return drawn < label ? drawn : drawn + 1;
}

}  // namespace faultline::attack
