#include "findings/summary.h"

#include <algorithm>

#include "findings/assemble.h"

namespace faultline::findings {
namespace {

ConditionSummary condition_summary(const StoredRun& run, const ConditionEvidence& evidence,
                                   const ConditionFindings& found) {
  return {.condition = evidence.condition,
          .outcome = attack_outcome(run, evidence),
          .linear = found.linear,
          .points = point_means(run, evidence),
          .distraction = distraction_means(run, evidence),
          .blanks = blank_rates(run, evidence),
          .compromise = compromise_table(run, evidence),
          .ranks = found.ranks,
          .ranks_beyond_twins = found.ranks_beyond_twins,
          .shapley = shapley_means(run, evidence),
          .sets = set_counts(run, evidence),
          .interventions = intervention_medians(evidence),
          .substitutions = substitution_shares(evidence),
          .identities = evidence.identities,
          .separations = separations(evidence),
          .detectors = detectors(evidence)};
}

}  // namespace

Summary summarise(const StoredRun& run, const LoadCondition& load, const VisitCondition& visit) {
  Summary summary{
      .run = run.run, .points = run.points, .images = count_list(run), .accuracy = clean_accuracy(run)};
  summary.twins = static_cast<std::size_t>(std::count_if(run.networks.begin(), run.networks.end(),
                                                         [](const auto& row) { return row.network > 0; }));
  for (const store::BlockRow& block : run.blocks) summary.blocks.push_back(block.name);
  for (const store::LayerRow& layer : run.layers) summary.layers.push_back(layer.name);
  std::vector<ConditionFindings> findings;
  const std::vector<store::ConditionRow> conditions = model_conditions(run);
  for (const store::ConditionRow& condition : conditions) {
    std::vector<ConditionEvidence> twins;
    for (const std::int64_t twin : twin_conditions(run, condition)) twins.push_back(load(twin));
    const ConditionEvidence evidence = load(condition.condition);
    findings.push_back(find_at(run, evidence, twins));
    summary.conditions.push_back(condition_summary(run, evidence, findings.back()));
    if (visit) visit(evidence);
  }
  summary.findings = assemble(run, findings);
  if (!conditions.empty()) summary.primary = primary_condition(conditions);
  return summary;
}

}  // namespace faultline::findings
