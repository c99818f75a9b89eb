#pragma once

#include <string>
#include <vector>

#include "findings/censored_median.h"
#include "findings/evidence.h"
#include "findings/measure.h"
#include "findings/stored_run.h"

namespace faultline::findings {

// Over the images whose flip survives rounding (Selection::stored).

// Mean Shapley shares under the gates of the inputs of one kind; their intervals hold together.
struct ShapleyMeans {
  std::string kind = {};
  std::vector<Measure> shares = {};  // [1 + blocks]: the input, blocks
};
std::vector<ShapleyMeans> shapley_means(const StoredRun& run, const ConditionEvidence& evidence);

// How often a set of blocks is the smallest that decides, the strongest of its size; "none": no set does.
struct SetCount {
  std::string question = {};
  std::string set = {};  // "block3 + block4", "no blocks", "none"
  Measured size = {};    // missing for "none"
  Measure images = {};   // share
};
// By question, most frequent first.
std::vector<SetCount> set_counts(const StoredRun& run, const ConditionEvidence& evidence);

// Doses, direction factors, shares of channels that flip or restore, by kind, source and point.
struct InterventionMedian {
  InterventionKey key = {};
  CensoredMedian median = {};
  CensoredMedian square_share = {};  // of those that have one
};
std::vector<InterventionMedian> intervention_medians(const ConditionEvidence& evidence);

struct SubstitutionShare {
  SubstitutionKey key = {};
  Measure decides = {};  // share of images
};
std::vector<SubstitutionShare> substitution_shares(const ConditionEvidence& evidence);

}  // namespace faultline::findings
