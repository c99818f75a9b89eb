#include "findings/detection.h"

#include <cmath>
#include <map>
#include <set>

#include "findings/halves.h"
#include "findings/rules.h"
#include "findings/selection.h"
#include "findings/shares.h"
#include "stats/auc.h"

namespace faultline::findings {
namespace {

struct Case {
  double score = 0;
  bool positive = false;
  std::int64_t image = 0;
  std::int64_t draw = 0;
  int half = 0;
};

// What is known of the images: their half, and whether the perturbed input is a positive.
struct CaseRules {
  std::map<std::int64_t, int> half;
  std::set<std::int64_t> flipped;

  explicit CaseRules(const ConditionEvidence& evidence) {
    for (const ImageEvidence& image : evidence.images) {
      half[image.image] = half_of(image.id);
      if (selected(image.attack, Selection::flipped)) flipped.insert(image.image);
    }
  }

  std::vector<Case> cases(const std::vector<DetectionValue>& values, DetectionInput negatives) const {
    std::vector<Case> found;
    for (const DetectionValue& of : values) {
      const bool positive = of.input == DetectionInput::adversarial;
      if (positive ? !flipped.contains(of.image) : of.input != negatives) continue;
      found.push_back({.score = of.value,
                       .positive = positive,
                       .image = of.image,
                       .draw = of.draw,
                       .half = half.at(of.image)});
    }
    return found;
  }
};

Measure area_of(const std::vector<Case>& cases, double sign, std::size_t resamples) {
  std::vector<stats::ScoredCase> scored;
  std::set<std::int64_t> images;
  for (const Case& of : cases) {
    scored.push_back(
        {.score = sign * of.score, .positive = of.positive, .unit = static_cast<std::size_t>(of.image)});
    images.insert(of.image);
  }
  return {.name = "area under the ROC curve",
          .estimate = stats::area_under_curve(scored, {.resamples = resamples, .confidence = kConfidence}),
          .n = images.size()};
}

std::vector<Case> half_only(const std::vector<Case>& cases, int half) {
  std::vector<Case> found;
  for (const Case& of : cases) {
    if (of.half == half) found.push_back(of);
  }
  return found;
}

// Signed scores; of negatives those of the first draw.
std::vector<double> scores(const std::vector<Case>& cases, bool positive, double sign) {
  std::map<std::int64_t, const Case*> first;
  for (const Case& of : cases) {
    if (of.positive != positive) continue;
    const Case*& known = first[of.image];
    if (!known || of.draw < known->draw) known = &of;
  }
  std::vector<double> found;
  for (const auto& [image, of] : first) found.push_back(sign * of->score);
  return found;
}

struct Choice {
  std::size_t point = 0;
  double sign = 1;
  double area = 0;
};

using CasesByPoint = std::map<std::size_t, std::vector<Case>>;

// The largest area on a half; missing where none has one.
std::optional<Choice> choose(const CasesByPoint& cases, int half) {
  std::optional<Choice> best;
  for (const auto& [point, of_point] : cases) {
    const Measure area = area_of(half_only(of_point, half), 1, 1);
    if (!area.estimate) continue;
    const double value = area.estimate->value;
    const double either_way = std::max(value, 1 - value);
    if (!best || either_way > best->area)
      best = Choice{.point = point, .sign = value >= 0.5 ? 1.0 : -1.0, .area = either_way};
  }
  return best;
}

std::optional<Detector> detector(const std::string& quantity, const CasesByPoint& cases,
                                 DetectionInput negatives, int half) {
  const auto choice = choose(cases, half);
  if (!choice) return {};
  const std::vector<Case>& of_point = cases.at(choice->point);
  const auto threshold =
      stats::threshold_at(scores(half_only(of_point, half), false, choice->sign), kFalsePositives);
  const std::vector<Case> tested = half_only(of_point, 1 - half);
  const std::vector<double> positive = scores(tested, true, choice->sign);
  const std::vector<double> negative = scores(tested, false, choice->sign);
  if (!threshold || positive.empty() || negative.empty()) return {};
  return Detector{
      .quantity = quantity,
      .negatives = negatives,
      .chosen_on = half,
      .point = choice->point,
      .larger = choice->sign > 0,
      .threshold = choice->sign * *threshold,
      .area = area_of(tested, choice->sign, kTableResamples),
      .true_positives = share("true positives", stats::count_above(positive, *threshold), positive.size()),
      .false_positives = share("false positives", stats::count_above(negative, *threshold), negative.size()),
      .roc = stats::roc_curve(positive, negative)};
}

}  // namespace

std::string_view name_of(DetectionInput input) {
  switch (input) {
    case DetectionInput::clean:
      return "clean";
    case DetectionInput::adversarial:
      return "adversarial";
    case DetectionInput::gaussian:
      break;
  }
  return "gaussian";
}

std::vector<Separation> separations(const ConditionEvidence& evidence) {
  const CaseRules rules(evidence);
  std::vector<Separation> found;
  for (const auto& [key, values] : evidence.detection) {
    for (const DetectionInput negatives : {DetectionInput::clean, DetectionInput::gaussian}) {
      const std::vector<Case> cases = rules.cases(values, negatives);
      Separation of{.quantity = key.quantity,
                    .point = static_cast<std::size_t>(key.point),
                    .negatives = negatives,
                    .area = area_of(cases, 1, kTableResamples)};
      for (const Case& each : cases) ++(each.positive ? of.positives : of.negative_count);
      if (of.area.estimate) found.push_back(std::move(of));
    }
  }
  return found;
}

std::vector<Detector> detectors(const ConditionEvidence& evidence) {
  const CaseRules rules(evidence);
  std::set<std::string> quantities;
  for (const auto& [key, values] : evidence.detection) quantities.insert(key.quantity);
  std::vector<Detector> found;
  for (const std::string& quantity : quantities) {
    for (const DetectionInput negatives : {DetectionInput::clean, DetectionInput::gaussian}) {
      CasesByPoint cases;
      for (const auto& [key, values] : evidence.detection) {
        if (key.quantity == quantity)
          cases[static_cast<std::size_t>(key.point)] = rules.cases(values, negatives);
      }
      for (const int half : {0, 1}) {
        if (auto of = detector(quantity, cases, negatives, half)) found.push_back(std::move(*of));
      }
    }
  }
  return found;
}

}  // namespace faultline::findings
