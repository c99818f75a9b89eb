#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "findings/answer.h"
#include "findings/evidence.h"
#include "findings/rules.h"
#include "findings/selection.h"
#include "findings/stored_run.h"

namespace faultline::findings {

struct DistractionOptions {
  std::string method{kDistractionMethod};
  std::string confirming{kConfirmingMethod};  // whose mean must have the same sign; empty: none
  std::vector<std::int64_t> blocks = {};      // that are averaged over; empty: late_blocks(run)
  bool blank_counts = false;  // a heatmap that went blank as distraction 1; else it is missing
  Selection selection = Selection::flipped;
};

// How much further the adversarial input of an image distracts a heatmap than its inputs of another kind:
// distraction minus distraction (means over draws), the mean over the layers of a block, then over blocks.
// Layers without one of the two do not count; missing if none has both.
Measured distraction_beyond(const StoredRun& run, const ImageEvidence& image, std::string_view kind,
                            std::string_view method, const DistractionOptions& options);

// F1a: adversarial noise distracts more than Gaussian noise of the same statistics. Supported if the mean of
// distraction_beyond gaussian is above kLeastDistraction with the confirming method's of the same sign.
//   Measures: that mean, the confirming method's; their intervals hold together.
Answer severe_distraction(const StoredRun& run, const ConditionEvidence& evidence,
                          DistractionOptions options = {});

// F1b: nor is it by size or by the flip itself. Supported if the mean of distraction_beyond is above
// kLeastDistraction for both flip-gaussian and boost that kept the class.
//   Measures: the two means; their intervals hold together.
Answer distraction_beyond_flip(const StoredRun& run, const ConditionEvidence& evidence,
                               DistractionOptions options = {.selection = Selection::stored});

}  // namespace faultline::findings
