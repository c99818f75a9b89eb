#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "findings/answer.h"
#include "findings/evidence.h"
#include "findings/selection.h"
#include "findings/stored_run.h"

namespace faultline::findings {

struct SpecificBlocksOptions {
  bool per_layer = true;  // a block's share divided by its number of layers (at least 1)
  Selection selection = Selection::stored;
};

// What the images of a condition say of F3.
struct SpecificBlocks {
  Measure concordance = {};                   // Kendall's W of the images' rankings of blocks
  std::vector<Measure> shares = {};           // [blocks] mean shares; their intervals hold together
  std::optional<std::size_t> top = {};        // the block of the largest mean share
  std::optional<std::size_t> half_tops[2];    // of either half of the images (halves.h)
  std::optional<std::size_t> boost_top = {};  // of the games with the boost input
  std::optional<std::size_t> twin_top = {};   // of the twins' games, twin means averaged
};

SpecificBlocks specific_blocks(const StoredRun& run, const ConditionEvidence& evidence,
                               const std::vector<ConditionEvidence>& twins,
                               const SpecificBlocksOptions& options = {});

// The same condition's top block under another attack.
struct OtherAttack {
  std::string attack = {};
  std::optional<std::size_t> top = {};
};

// F3: supported if W's lower bound is at least kLeastConcordance and the top block is the same in both halves
// and under another attack, and other than boost's and the twins'; not supported if W's upper bound is below;
// else undecided. Not said where a part of that is not known (and W does not refute it).
Answer judge_specific_blocks(const StoredRun& run, const SpecificBlocks& found,
                             const std::vector<OtherAttack>& others);

}  // namespace faultline::findings
