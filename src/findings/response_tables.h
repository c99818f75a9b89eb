#pragma once

#include <string>
#include <vector>

#include "findings/compromised.h"
#include "findings/evidence.h"
#include "findings/measure.h"
#include "findings/stored_run.h"

namespace faultline::findings {

// Means over the images that the attack flipped (Selection::flipped); the intervals of a list hold together.

// How points respond to the inputs of one kind.
struct PointMeans {
  std::string kind = {};
  std::vector<Measure> log_excess = {};    // [points]
  std::vector<Measure> step = {};          // [points]
  std::vector<Measure> alignment = {};     // [points]
  std::vector<Measure> contribution = {};  // [segments]
};
std::vector<PointMeans> point_means(const StoredRun& run, const ConditionEvidence& evidence);

// Distraction of one method's heatmaps by the inputs of one kind.
struct DistractionMeans {
  std::string kind = {};
  std::string method = {};
  std::vector<Measure> distraction = {};  // [layers]
};
std::vector<DistractionMeans> distraction_means(const StoredRun& run, const ConditionEvidence& evidence);

// How often a layer's heatmap is blank: of the adversarial input and of one Gaussian draw of the same image.
struct BlankRates {
  std::string method = {};
  std::size_t layer = 0;
  Measure adversarial = {};
  Measure gaussian = {};
  std::size_t only_adversarial = 0;
  std::size_t only_gaussian = 0;
  double p = 1;           // McNemar's test
  double p_adjusted = 1;  // by Holm over the method's layers
};
std::vector<BlankRates> blank_rates(const StoredRun& run, const ConditionEvidence& evidence);

// Where images are deviating and compromised (docs/method.md, "Compromised points").
struct PlaceRates {
  std::string name = {};
  Measure deviating = {};    // share of images with a p at some point; blocks have none
  Measure compromised = {};  // share; n = 0 where nothing is called so
  std::size_t onsets = 0;
  HarmlessRange harmless = {};
};
struct CompromiseTable {
  std::vector<PlaceRates> points = {};
  std::vector<PlaceRates> blocks = {};
  std::size_t without_onset = 0;
  std::size_t harmless_images = 0;
};
CompromiseTable compromise_table(const StoredRun& run, const ConditionEvidence& evidence);

}  // namespace faultline::findings
