#include "findings/attack_outcome.h"

#include <map>
#include <vector>

#include "findings/selection.h"
#include "findings/shares.h"

namespace faultline::findings {
namespace {

Measure robust_accuracy(const StoredRun& run, const ConditionEvidence& evidence) {
  std::map<std::int64_t, bool> flips;
  for (const ImageEvidence& image : evidence.images)
    flips[image.image] = selected(image.attack, Selection::flipped);
  std::size_t right = 0, all = 0;
  for (const store::ImageRow& image : run.images) {
    if (!image.true_class || !image.predicted_class) continue;
    const bool was_right = *image.true_class == *image.predicted_class;
    const auto attacked = flips.find(image.image);
    if (was_right && attacked == flips.end()) continue;
    ++all;
    if (was_right && !attacked->second) ++right;
  }
  return share("accuracy", right, all);
}

}  // namespace

Measure clean_accuracy(const StoredRun& run) {
  std::size_t right = 0, all = 0;
  for (const store::ImageRow& image : run.images) {
    if (!image.true_class || !image.predicted_class) continue;
    ++all;
    if (*image.true_class == *image.predicted_class) ++right;
  }
  return share("accuracy", right, all);
}

AttackOutcome attack_outcome(const StoredRun& run, const ConditionEvidence& evidence) {
  AttackOutcome outcome{.counts = count_flips(evidence)};
  outcome.success = share("success", outcome.counts.flipped, outcome.counts.images);
  outcome.stored_success = share("success once rounded", outcome.counts.stored, outcome.counts.images);
  outcome.accuracy = robust_accuracy(run, evidence);
  std::vector<Censored> critical, l2, linf;
  const bool sought = evidence.condition.regime == "critical" || evidence.condition.regime == "double";
  for (const ImageEvidence& image : evidence.images) {
    if (sought) {
      critical.push_back({.value = image.attack.critical_eps,
                          .limit = image.attack.critical_fails_at,
                          .at_most = least_eps_suffices(image.attack)});
    }
    if (!image.attack.made) continue;
    l2.push_back({.value = image.attack.l2});
    linf.push_back({.value = image.attack.linf});
  }
  outcome.critical_eps = censored_median(critical);
  outcome.l2 = censored_median(l2);
  outcome.linf = censored_median(linf);
  return outcome;
}

}  // namespace faultline::findings
