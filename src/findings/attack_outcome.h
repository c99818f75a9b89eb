#pragma once

#include "findings/censored_median.h"
#include "findings/evidence.h"
#include "findings/image_counts.h"
#include "findings/measure.h"
#include "findings/stored_run.h"

namespace faultline::findings {

// Share of the labelled images that the model gets right; n = 0 without labels.
Measure clean_accuracy(const StoredRun& run);

// What an attack did, over all images that it was tried on.
struct AttackOutcome {
  FlipCounts counts = {};
  Measure success = {};         // share of images whose answer changed
  Measure stored_success = {};  // and stays so once rounded to 8 bits
  // Share of the labelled images that the model gets right and whose answer the attack does not change;
  // images that it got right and that were not attacked do not count.
  Measure accuracy = {};
  CensoredMedian critical_eps = {};  // where eps* was looked for; pixel units
  CensoredMedian l2 = {};            // of the perturbations that were made
  CensoredMedian linf = {};
};
AttackOutcome attack_outcome(const StoredRun& run, const ConditionEvidence& evidence);

}  // namespace faultline::findings
