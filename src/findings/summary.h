#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "findings/attack_outcome.h"
#include "findings/cause_tables.h"
#include "findings/detection.h"
#include "findings/finding.h"
#include "findings/image_counts.h"
#include "findings/load_condition.h"
#include "findings/response_tables.h"
#include "findings/stored_run.h"
#include "findings/susceptible_layers.h"

namespace faultline::findings {

// All that is said of one condition of the model.
struct ConditionSummary {
  store::ConditionRow condition = {};
  AttackOutcome outcome = {};
  Measure linear = {};  // images whose answer changes by the linear path alone
  std::vector<PointMeans> points = {};
  std::vector<DistractionMeans> distraction = {};
  std::vector<BlankRates> blanks = {};
  CompromiseTable compromise = {};
  std::vector<LayerRank> ranks = {};
  std::vector<LayerRank> ranks_beyond_twins = {};
  std::vector<ShapleyMeans> shapley = {};
  std::vector<SetCount> sets = {};
  std::vector<InterventionMedian> interventions = {};
  std::vector<SubstitutionShare> substitutions = {};
  std::map<std::string, IdentityWorst> identities = {};
  std::vector<Separation> separations = {};
  std::vector<Detector> detectors = {};
};

// All that is said of a run.
struct Summary {
  store::RunRow run = {};
  std::size_t twins = 0;
  std::vector<std::string> blocks = {};
  std::vector<std::string> layers = {};
  std::vector<store::PointRow> points = {};
  ListCounts images = {};
  Measure accuracy = {};  // of the model on clean images
  std::vector<Finding> findings = {};
  std::vector<ConditionSummary> conditions = {};
  std::size_t primary = 0;  // the condition that the findings are about
};

// Called with the evidence of each condition of the model, in order.
using VisitCondition = std::function<void(const ConditionEvidence& evidence)>;

// Holds the evidence of one condition, and of the twins' that answer to it, at a time. Reading it is a large
// part of the work: `visit` is for who needs it too.
Summary summarise(const StoredRun& run, const LoadCondition& load, const VisitCondition& visit = {});

}  // namespace faultline::findings
