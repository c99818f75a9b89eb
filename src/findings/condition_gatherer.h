#pragma once

#include <map>
#include <vector>

#include "findings/evidence.h"
#include "findings/image_gatherer.h"
#include "findings/stored_run.h"
#include "store/rows.h"

namespace faultline::findings {

// Rows of some images under one condition.
struct ConditionRows {
  std::vector<store::AttackRow> attacks;
  std::vector<store::InputRow> inputs;
  std::vector<store::PointResponseRow> point_responses;
  std::vector<store::ContributionRow> contributions;
  std::vector<store::HeatmapResponseRow> heatmap_responses;
  std::vector<store::ShapleyRow> shapley;
  std::vector<store::GateSetRow> gate_sets;
  std::vector<store::InterventionRow> interventions;
  std::vector<store::SubstitutionRow> substitutions;
  std::vector<store::IdentityRow> identities;
  std::vector<store::DetectionRow> detections;
};

// Reduces a condition's rows to its evidence, some images at a time: never more than those are held whole.
class ConditionGatherer {
 public:
  // The run must outlive it.
  ConditionGatherer(const StoredRun& run, store::ConditionRow condition);

  // All rows of some images; of images with an AttackRow and a place in the run's list, others are ignored.
  void add(const ConditionRows& rows);

  ConditionEvidence finish();

 private:
  using Images = std::map<std::int64_t, ImageGatherer>;
  void count(const Images& images, const ConditionRows& rows);
  void detect(const Images& images, const std::vector<store::DetectionRow>& rows);

  const StoredRun* run_;
  std::map<std::int64_t, std::string> ids_;
  ConditionEvidence evidence_;
};

// All of them at once.
ConditionEvidence gather(const StoredRun& run, const store::ConditionRow& condition,
                         const ConditionRows& rows);

}  // namespace faultline::findings
