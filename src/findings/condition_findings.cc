#include "findings/condition_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "findings/distraction.h"
#include "findings/few_blocks.h"

namespace faultline::findings {
namespace {

// Blocks with layers that the primary measure does not average over.
std::vector<std::int64_t> early_blocks(const StoredRun& run) {
  const std::vector<std::int64_t> late = late_blocks(run);
  std::vector<std::int64_t> blocks;
  for (const store::BlockRow& of : run.blocks) {
    if (layers_in(run, of.block) > 0 && std::find(late.begin(), late.end(), of.block) == late.end())
      blocks.push_back(of.block);
  }
  return blocks;
}

struct DistractionVariant {
  std::string what;
  DistractionOptions options;
};

std::vector<DistractionVariant> distraction_variants(const StoredRun& run, const ConditionEvidence& evidence,
                                                     Selection primary, Selection other,
                                                     std::string other_name) {
  std::vector<DistractionVariant> variants = {{"primary", {.blocks = {}, .selection = primary}}};
  variants.push_back({"heatmaps that went blank count as distraction 1",
                      {.blocks = {}, .blank_counts = true, .selection = primary}});
  const std::vector<std::int64_t> early = early_blocks(run);
  std::vector<std::int64_t> all = early;
  for (const std::int64_t block : late_blocks(run)) all.push_back(block);
  if (!early.empty()) {
    variants.push_back({"mean over all blocks", {.blocks = all, .selection = primary}});
    variants.push_back({"mean over the other blocks", {.blocks = early, .selection = primary}});
  }
  for (const std::string& method : methods_in(evidence)) {
    if (method == kDistractionMethod) continue;
    variants.push_back({fmt::format("heatmaps by {}", method),
                        {.method = method, .confirming = "", .blocks = {}, .selection = primary}});
  }
  variants.push_back({std::move(other_name), {.blocks = {}, .selection = other}});
  return variants;
}

std::vector<Variant> severe_variants(const StoredRun& run, const ConditionEvidence& evidence) {
  std::vector<Variant> variants;
  for (auto& [what, options] : distraction_variants(run, evidence, Selection::flipped, Selection::made,
                                                    "attacks that failed as well"))
    variants.push_back({what, severe_distraction(run, evidence, options)});
  return variants;
}

std::vector<Variant> beyond_flip_variants(const StoredRun& run, const ConditionEvidence& evidence) {
  std::vector<Variant> variants;
  for (auto& [what, options] : distraction_variants(run, evidence, Selection::stored, Selection::flipped,
                                                    "flips that rounding to 8 bits undoes as well"))
    variants.push_back({what, distraction_beyond_flip(run, evidence, options)});
  return variants;
}

std::vector<Variant> few_blocks_variants(const StoredRun& run, const ConditionEvidence& evidence) {
  const auto asked = [&](std::string what, const FewBlocksOptions& options) {
    return Variant{std::move(what), few_blocks(run, evidence, options)};
  };
  return {asked("primary", {}),
          asked("first block and head not compromised", {.compromised = {}, .nothing_else = true}),
          asked("steps of at least ln 1.1", {.compromised = {.least_step = std::log(1.1)}}),
          asked("steps of at least ln 1.5", {.compromised = {.least_step = std::log(1.5)}}),
          asked("above the 99th percentile of harmless steps", {.compromised = {.harmless_quantile = 0.99}}),
          asked("flips that rounding to 8 bits undoes as well",
                {.compromised = {}, .selection = Selection::flipped}),
          {"gates alone, instead of steps", gates_suffice(run, evidence)}};
}

std::vector<ConditionFindings::SpecificVariant> specific_variants(
    const StoredRun& run, const ConditionEvidence& evidence, const std::vector<ConditionEvidence>& twins) {
  return {{"primary", specific_blocks(run, evidence, twins)},
          {"shares not divided by layers", specific_blocks(run, evidence, twins, {.per_layer = false})},
          {"flips that rounding to 8 bits undoes as well",
           specific_blocks(run, evidence, twins, {.selection = Selection::flipped})}};
}

std::vector<Variant> susceptible_variants(const StoredRun& run, const ConditionEvidence& evidence,
                                          const std::vector<ConditionEvidence>& twins) {
  return {{"primary", susceptible_layers(run, evidence, twins)},
          {"without regard to twins", susceptible_layers(run, evidence, twins, {.against_twins = false})},
          {"attacks that failed as well",
           susceptible_layers(run, evidence, twins, {.selection = Selection::made})},
          {"only flips that survive rounding to 8 bits",
           susceptible_layers(run, evidence, twins, {.selection = Selection::stored})}};
}

}  // namespace

ConditionFindings find_at(const StoredRun& run, const ConditionEvidence& evidence,
                          const std::vector<ConditionEvidence>& twins) {
  ConditionFindings found{.condition = evidence.condition,
                          .flips = count_flips(evidence),
                          .linear = linear_share(evidence),
                          .severe_distraction = severe_variants(run, evidence),
                          .distraction_beyond_flip = beyond_flip_variants(run, evidence),
                          .few_blocks = few_blocks_variants(run, evidence),
                          .specific_blocks = specific_variants(run, evidence, twins),
                          .susceptible_layers = susceptible_variants(run, evidence, twins)};
  found.ranks = rank_layers(run, convolution_steps(run, evidence, Selection::flipped));
  const TwinSteps of_twins(twins, run.points.size());
  if (!of_twins.empty())
    found.ranks_beyond_twins =
        rank_layers(run, convolution_steps(run, evidence, Selection::flipped, &of_twins));
  for (const ConditionEvidence& twin : twins) {
    found.twin_severe_distraction.push_back(severe_distraction(run, twin));
    found.twin_few_blocks.push_back(few_blocks(run, twin));
    found.twin_susceptible_layers.push_back(susceptible_layers(run, twin, {}, {.against_twins = false}));
  }
  return found;
}

}  // namespace faultline::findings
