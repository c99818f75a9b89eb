#include "findings/assemble.h"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <optional>

#include "base/error.h"
#include "findings/caveats.h"
#include "findings/describe.h"
#include "findings/rules.h"

namespace faultline::findings {
namespace {

using Variants = std::function<std::vector<Variant>(std::size_t condition)>;

std::vector<Variant> specific_answers(const StoredRun& run, const std::vector<ConditionFindings>& conditions,
                                      std::size_t condition) {
  std::vector<Variant> variants;
  for (std::size_t i = 0; i < conditions[condition].specific_blocks.size(); ++i) {
    variants.push_back({conditions[condition].specific_blocks[i].what,
                        specific_blocks_answer(run, conditions, condition, i)});
  }
  return variants;
}

Finding with_variants(std::string id, const std::vector<ConditionFindings>& conditions, std::size_t primary,
                      const Variants& variants_of) {
  Finding finding;
  finding.id = std::move(id);
  finding.condition = conditions[primary].condition.name;
  std::vector<Variant> own = variants_of(primary);
  finding.answer = own.front().answer;
  finding.variants.assign(own.begin() + 1, own.end());
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (i != primary)
      finding.variants.push_back({conditions[i].condition.name, variants_of(i).front().answer});
  }
  for (const Variant& variant : finding.variants) {
    if (variant.answer.verdict == Verdict::not_said) continue;
    ++finding.speaking;
    if (variant.answer.verdict == finding.answer.verdict) ++finding.agreeing;
  }
  return finding;
}

}  // namespace

std::size_t primary_condition(const std::vector<store::ConditionRow>& conditions) {
  require(!conditions.empty(), "primary_condition: there is no condition");
  const std::int64_t attack = conditions.front().attack_number;
  for (const char* regime : {"double", "fixed", "critical"}) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      const store::ConditionRow& row = conditions[i];
      if (row.regime != regime || row.attack_number != attack) continue;
      if (!found || row.eps > conditions[*found].eps) found = i;
    }
    if (found) return *found;
  }
  return 0;
}

Answer specific_blocks_answer(const StoredRun& run, const std::vector<ConditionFindings>& conditions,
                              std::size_t condition, std::size_t variant) {
  const ConditionFindings& at = conditions[condition];
  std::vector<OtherAttack> others;
  for (const ConditionFindings& other : conditions) {
    const store::ConditionRow& row = other.condition;
    const bool same_strength = row.regime == at.condition.regime && row.eps == at.condition.eps;
    if (!same_strength || row.attack_number == at.condition.attack_number) continue;
    others.push_back({.attack = row.attack, .top = other.specific_blocks[variant].found.top});
  }
  return judge_specific_blocks(run, at.specific_blocks[variant].found, others);
}

std::vector<Finding> assemble(const StoredRun& run, const std::vector<ConditionFindings>& conditions) {
  if (conditions.empty()) return {};
  std::vector<store::ConditionRow> rows;
  for (const ConditionFindings& each : conditions) rows.push_back(each.condition);
  const std::size_t primary = primary_condition(rows);
  const ConditionFindings& at = conditions[primary];
  const auto of = [&](std::vector<Variant> ConditionFindings::*variants) {
    return [&conditions, variants](std::size_t condition) { return conditions[condition].*variants; };
  };
  const auto specific = [&](std::size_t condition) { return specific_answers(run, conditions, condition); };
  std::vector<Finding> findings = {
      with_variants("F1a", conditions, primary, of(&ConditionFindings::severe_distraction)),
      with_variants("F1b", conditions, primary, of(&ConditionFindings::distraction_beyond_flip)),
      with_variants("F2", conditions, primary, of(&ConditionFindings::few_blocks)),
      with_variants("F3", conditions, primary, specific),
      with_variants("F4", conditions, primary, of(&ConditionFindings::susceptible_layers))};
  const std::array<CaveatQuestions, 5> questions = {
      CaveatQuestions{.twins = &at.twin_severe_distraction, .twin_bar = kLeastDistraction},
      CaveatQuestions{.about_flips = true},
      CaveatQuestions{.about_flips = true,
                      .about_causes = true,
                      .twins = &at.twin_few_blocks,
                      .twin_bar = kFewBlocksShare},
      CaveatQuestions{.about_flips = true, .about_causes = true},
      CaveatQuestions{.twins = &at.twin_susceptible_layers, .twin_bar = kOutranksMost, .twin_measures = 2}};
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Finding& finding = findings[i];
    finding.caveats = caveats_of(run, at, finding.answer, questions[i]);
    describe(run, at, finding);
  }
  const auto& specific_found = at.specific_blocks.front().found;
  if (specific_found.twin_top && specific_found.twin_top == specific_found.top)
    findings[3].caveats.push_back(
        "The twins, the same network with random weights, have the same top block.");
  return findings;
}

}  // namespace faultline::findings
