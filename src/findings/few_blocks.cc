#include "findings/few_blocks.h"

#include <fmt/format.h>

#include <algorithm>

#include "findings/numbers.h"
#include "findings/shares.h"

namespace faultline::findings {
namespace {

Answer judged_share(std::vector<Measure> measures) {
  Answer answer{.measures = std::move(measures)};
  answer.reason = lacking(answer.measures.front());
  if (answer.reason.empty()) answer.verdict = exceeds(answer.measures.front(), kFewBlocksShare);
  return answer;
}

std::uint64_t mask_of(const std::vector<std::int64_t>& blocks) {
  std::uint64_t mask = 0;
  for (const std::int64_t block : blocks) {
    // Networks of more blocks have no sets of them.
    if (block < 64) mask |= std::uint64_t{1} << static_cast<unsigned>(block);
  }
  return mask;
}

bool has_steps(const ImageEvidence& image) {
  const KindResponse* adversarial = kind_of(image, kAdversarial);
  return adversarial && std::any_of(adversarial->step.begin(), adversarial->step.end(),
                                    [](const Measured& step) { return step.has_value(); });
}

std::vector<Measure> compromised_shares(const StoredRun& run, const ConditionEvidence& evidence,
                                        const std::vector<ImageCompromise>& compromise,
                                        const FewBlocksOptions& options) {
  const std::vector<std::int64_t> intermediate = intermediate_blocks(run);
  std::size_t few = 0, none = 0, more = 0, all = 0;
  for (std::size_t i = 0; i < evidence.images.size(); ++i) {
    const ImageEvidence& image = evidence.images[i];
    if (!selected(image.attack, options.selection) || !has_steps(image)) continue;
    const auto& blocks = compromise[i].blocks;
    const auto within = static_cast<std::size_t>(
        std::count_if(intermediate.begin(), intermediate.end(),
                      [&](std::int64_t block) { return blocks[static_cast<std::size_t>(block)]; }));
    const auto anywhere = static_cast<std::size_t>(std::count(blocks.begin(), blocks.end(), true));
    ++all;
    if (within == 0) ++none;
    if (within > kFewBlocks) ++more;
    if (within > 0 && within <= kFewBlocks && (!options.nothing_else || anywhere == within)) ++few;
  }
  return {share("images with one or two compromised intermediate blocks", few, all),
          share("images with none", none, all), share("images with more", more, all)};
}

}  // namespace

Answer few_blocks(const StoredRun& run, const ConditionEvidence& evidence, const FewBlocksOptions& options) {
  if (intermediate_blocks(run).empty()) return not_said("the network has no intermediate blocks");
  const Answer gates = gates_suffice(run, evidence, options.selection);
  const Compromise compromise = find_compromised(run, evidence, options.compromised);
  if (compromise.images.empty()) {
    return not_said(
        fmt::format("{} with harmless inputs to hold steps against; calling a block compromised takes {}",
                    images(compromise.harmless_images), kFewestForCompromised),
        gates.measures);
  }
  Answer answer = judged_share(compromised_shares(run, evidence, compromise.images, options));
  answer.measures.insert(answer.measures.end(), gates.measures.begin(), gates.measures.end());
  return answer;
}

Answer gates_suffice(const StoredRun& run, const ConditionEvidence& evidence, Selection selection) {
  const std::uint64_t outside = ~mask_of(intermediate_blocks(run));
  std::size_t few = 0, intermediate = 0, none = 0, all = 0;
  for (const ImageEvidence* image : select(evidence, selection)) {
    const auto found = image->sets.find("gates-only");
    if (found == image->sets.end()) continue;
    const SmallestSets& sets = found->second;
    ++all;
    if (!sets.size) ++none;
    if (!sets.size || *sets.size > static_cast<double>(kFewBlocks)) continue;
    ++few;
    if (std::any_of(sets.sets.begin(), sets.sets.end(),
                    [&](std::uint64_t set) { return (set & outside) == 0; }))
      ++intermediate;
  }
  if (all == 0) return not_said("no gates games in the run");
  return judged_share({share("images where the gates of one or two blocks suffice", few, all),
                       share("images where these are intermediate blocks", intermediate, all),
                       share("images where no gates suffice", none, all)});
}

Measure linear_share(const ConditionEvidence& evidence, Selection selection) {
  std::size_t linear = 0, all = 0;
  for (const ImageEvidence* image : select(evidence, selection)) {
    const auto found = image->sets.find("given-linear-path");
    if (found == image->sets.end()) continue;
    ++all;
    if (found->second.size && *found->second.size == 0) ++linear;
  }
  return share("images where the linear path alone changes the answer", linear, all);
}

}  // namespace faultline::findings
