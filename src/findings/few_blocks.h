#pragma once

#include "findings/answer.h"
#include "findings/compromised.h"
#include "findings/evidence.h"
#include "findings/selection.h"
#include "findings/stored_run.h"

namespace faultline::findings {

struct FewBlocksOptions {
  CompromisedOptions compromised = {};
  bool nothing_else = false;  // the first block and the head must not be compromised
  Selection selection = Selection::stored;
};

// F2: one or two intermediate blocks are compromised. Supported if the share of images with one or two
// compromised blocks, not counting the first and the head, is above kFewBlocksShare (Wilson).
//   Measures: that share, the shares with none and with more, and beside them those of gates_suffice.
Answer few_blocks(const StoredRun& run, const ConditionEvidence& evidence,
                  const FewBlocksOptions& options = {});

// The same asked of causes: the share of images in which the adversarial gates of one or two blocks alone,
// at the clean input, change the answer. Images where no set of blocks does count as such.
//   Measures: that share; the share where these may all be intermediate blocks; the share where no set does.
Answer gates_suffice(const StoredRun& run, const ConditionEvidence& evidence,
                     Selection selection = Selection::stored);

// The share of images whose answer changes though all gates stay those of the clean run: the effect is
// linear.
Measure linear_share(const ConditionEvidence& evidence, Selection selection = Selection::stored);

}  // namespace faultline::findings
