#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "findings/evidence.h"
#include "findings/measure.h"
#include "findings/stored_run.h"
#include "stats/roc.h"

namespace faultline::findings {

// How well a quantity that needs no clean reference tells adversarial inputs from others. Positives: the
// perturbed inputs that flip; negatives: clean inputs, or Gaussian draws, of all images that were attacked.

// What a reader has to know of every number below.
inline constexpr std::string_view kDetectionNote =
    "This is not an adaptive evaluation: the attack did not know of the detector. An attacker who does can "
    "lower these numbers.";

// One quantity at one point.
struct Separation {
  std::string quantity = {};
  std::size_t point = 0;
  DetectionInput negatives = DetectionInput::clean;
  std::size_t positives = 0;  // cases
  std::size_t negative_count = 0;
  Measure area = {};  // under the ROC curve, resampled over images; above 1/2: larger if adversarial
};
std::vector<Separation> separations(const ConditionEvidence& evidence);

// A detector chosen on one half of the images (halves.h) and tested on the other: the point, and whether
// larger or smaller speaks for adversarial, by the largest area on the first half; the threshold with
// kFalsePositives of its negatives beyond. All inputs of an image are in one half; of several Gaussian draws
// the first.
struct Detector {
  std::string quantity = {};
  DetectionInput negatives = DetectionInput::clean;
  int chosen_on = 0;  // the half
  std::size_t point = 0;
  bool larger = true;  // which side of the threshold is flagged
  double threshold = 0;
  Measure area = {};            // on the other half, of what is flagged first
  Measure true_positives = {};  // rates on the other half
  Measure false_positives = {};
  std::vector<stats::RocPoint> roc = {};  // on the other half; thresholds of the quantity, or of minus it
};
// For every quantity and kind of negatives, chosen on either half; none where a half lacks positives or
// negatives.
std::vector<Detector> detectors(const ConditionEvidence& evidence);

std::string_view name_of(DetectionInput input);

}  // namespace faultline::findings
