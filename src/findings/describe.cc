#include "findings/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "findings/numbers.h"
#include "findings/rules.h"

namespace faultline::findings {
namespace {

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

std::string claim_of(const std::string& id, const StoredRun& run) {
  if (id == "F1a") {
    std::string blocks;
    for (const std::int64_t block : late_blocks(run))
      blocks += (blocks.empty() ? "" : ", ") + run.blocks[static_cast<std::size_t>(block)].name;
    return fmt::format(
        "Adversarial noise, unlike Gaussian noise of the same statistics, draws the network's "
        "attention away from the area of concentration ({}).",
        blocks.empty() ? "no blocks" : blocks);
  }
  if (id == "F1b")
    return "It does so by its structure: noise that changes the answer as well, or is as structured and as "
           "strong but harmless, does not.";
  if (id == "F2") return "Only one or two intermediate blocks need be compromised.";
  if (id == "F3") return "Specific blocks are more vulnerable than others.";
  return fmt::format("{} are the most susceptible layers.", fmt::join(kNamedLayers, " and "));
}

std::string rule_of(const std::string& id) {
  if (id == "F1a") return fmt::format("Supported needs a lower bound above {}.", number(kLeastDistraction));
  if (id == "F1b")
    return fmt::format("Supported needs both lower bounds above {}.", number(kLeastDistraction));
  if (id == "F2")
    return fmt::format("Supported needs a lower bound of the first above {}.", number(kFewBlocksShare));
  if (id == "F3")
    return fmt::format(
        "Supported needs a lower bound of W of at least {} and a top block that is stable and its own.",
        number(kLeastConcordance));
  return fmt::format("Supported needs all lower bounds above {}.", number(kOutranksMost));
}

// Layers whose rank may be 1.
std::string first_ranks(const std::vector<LayerRank>& ranks) {
  std::vector<const LayerRank*> first;
  for (const LayerRank& rank : ranks) {
    if (rank.best == 1 && rank.worst < ranks.size()) first.push_back(&rank);
  }
  std::vector<std::string> named;
  for (const LayerRank* rank : first)
    named.push_back(
        fmt::format("{} (rank 1 to {}, step {})", rank->layer, rank->worst, in_words(rank->step)));
  return fmt::format("{}", fmt::join(named, ", "));
}

std::string most_susceptible(const ConditionFindings& at) {
  const std::string first = first_ranks(at.ranks);
  std::string text = first.empty()
                         ? "The layers' steps do not differ enough to say which are the most susceptible."
                         : fmt::format("The most susceptible of its {} convolution layers by step: {}.",
                                       at.ranks.size(), first);
  const std::string beyond = first_ranks(at.ranks_beyond_twins);
  if (!beyond.empty()) text += fmt::format(" By step minus the twins': {}.", beyond);
  return text;
}

std::string top_block(const StoredRun& run, const ConditionFindings& at) {
  const SpecificBlocks& found = at.specific_blocks.front().found;
  return found.top
             ? fmt::format(" The top block by Shapley share per layer is {}.", run.blocks[*found.top].name)
             : "";
}

std::string agreement(const Finding& finding) {
  if (finding.answer.verdict == Verdict::not_said || finding.speaking == 0) return "";
  return fmt::format(" Asked in {} other ways, {} agree.", finding.speaking, finding.agreeing);
}

}  // namespace

void describe(const StoredRun& run, const ConditionFindings& at, Finding& finding) {
  finding.claim = claim_of(finding.id, run);
  std::string text = capitalised(std::string(name_of(finding.answer.verdict)));
  if (!finding.answer.reason.empty()) text += ": " + finding.answer.reason;
  text += ".";
  // F3's other measures are a table of blocks.
  const std::size_t shown = finding.id == "F3" ? std::min<std::size_t>(1, finding.answer.measures.size())
                                               : finding.answer.measures.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const Measure& measure = finding.answer.measures[i];
    text += fmt::format(" {}: {}.", capitalised(measure.name), in_words(measure));
  }
  if (finding.id == "F3") text += top_block(run, at);
  if (shown > 0) text += " " + rule_of(finding.id);
  if (finding.id == "F4") text += " " + most_susceptible(at);
  finding.words = text + agreement(finding);
}

}  // namespace faultline::findings
