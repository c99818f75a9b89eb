#pragma once

#include <string>
#include <vector>

#include "findings/finding.h"
#include "findings/image_counts.h"
#include "findings/specific_blocks.h"
#include "findings/susceptible_layers.h"

namespace faultline::findings {

// The findings of one condition, before those of other conditions are held beside them. The first variant of
// each is the primary one.
struct ConditionFindings {
  store::ConditionRow condition;
  FlipCounts flips = {};
  Measure linear = {};                                // images whose answer changes by the linear path alone
  std::vector<Variant> severe_distraction = {};       // F1a
  std::vector<Variant> distraction_beyond_flip = {};  // F1b
  std::vector<Variant> few_blocks = {};               // F2
  struct SpecificVariant {
    std::string what;
    SpecificBlocks found;
  };
  std::vector<SpecificVariant> specific_blocks = {};  // F3, to be judged beside other attacks
  std::vector<Variant> susceptible_layers = {};       // F4
  std::vector<LayerRank> ranks = {};                  // of convolutions by step
  std::vector<LayerRank> ranks_beyond_twins = {};     // by step minus the twins'; empty without twins
  // The primary answers of each twin, where it has the data.
  std::vector<Answer> twin_severe_distraction = {};
  std::vector<Answer> twin_few_blocks = {};
  std::vector<Answer> twin_susceptible_layers = {};
};

// twins: the same condition of each twin.
ConditionFindings find_at(const StoredRun& run, const ConditionEvidence& evidence,
                          const std::vector<ConditionEvidence>& twins);

}  // namespace faultline::findings
