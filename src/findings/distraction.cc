#include "findings/distraction.h"

#include <fmt/format.h>

#include <array>

#include "findings/simultaneous_means.h"

namespace faultline::findings {
namespace {

constexpr std::string_view kFlipGaussian = "flip-gaussian";
constexpr std::string_view kBoost = "boost";

Measured mean_over(const std::vector<double>& values) {
  if (values.empty()) return {};
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

const std::vector<MapResponse>* maps_by(const KindResponse* kind, std::string_view method) {
  if (!kind) return nullptr;
  const auto found = kind->maps.find(method);
  return found == kind->maps.end() ? nullptr : &found->second;
}

std::string difference_name(std::string_view method, std::string_view kind) {
  return fmt::format("distraction ({}), adversarial minus {}", method, kind);
}

// Why nothing can be compared; empty if it can.
std::string obstacle(const ConditionEvidence& evidence, const DistractionOptions& options) {
  if (options.blocks.empty()) return "the network has no blocks with convolution layers";
  if (!methods_in(evidence).contains(options.method)) return fmt::format("no heatmaps by {}", options.method);
  return {};
}

}  // namespace

Measured distraction_beyond(const StoredRun& run, const ImageEvidence& image, std::string_view kind,
                            std::string_view method, const DistractionOptions& options) {
  const auto* adversarial = maps_by(kind_of(image, kAdversarial), method);
  const auto* other = maps_by(kind_of(image, kind), method);
  if (!adversarial || !other) return {};
  const auto value = options.blank_counts ? &MapResponse::distraction_blank_one : &MapResponse::distraction;
  std::vector<double> of_blocks;
  for (const std::int64_t block : options.blocks) {
    std::vector<double> differences;
    for (std::size_t layer = 0; layer < run.layers.size(); ++layer) {
      const Measured a = (*adversarial)[layer].*value;
      const Measured b = (*other)[layer].*value;
      if (run.layers[layer].block == block && a && b) differences.push_back(*a - *b);
    }
    if (const Measured mean = mean_over(differences)) of_blocks.push_back(*mean);
  }
  return mean_over(of_blocks);
}

Answer severe_distraction(const StoredRun& run, const ConditionEvidence& evidence,
                          DistractionOptions options) {
  if (options.blocks.empty()) options.blocks = late_blocks(run);
  if (const std::string why = obstacle(evidence, options); !why.empty()) return not_said(why);
  if (!kinds_in(evidence).contains(std::string(kGaussian))) return not_said("no control gaussian in the run");
  std::vector<std::string> names = {difference_name(options.method, kGaussian)};
  const bool confirms = !options.confirming.empty() && methods_in(evidence).contains(options.confirming);
  if (confirms) names.push_back(difference_name(options.confirming, kGaussian));
  std::vector<std::vector<Measured>> units;
  for (const ImageEvidence* image : select(evidence, options.selection)) {
    units.push_back({distraction_beyond(run, *image, kGaussian, options.method, options)});
    if (confirms)
      units.back().push_back(distraction_beyond(run, *image, kGaussian, options.confirming, options));
  }
  Answer answer{.measures = simultaneous_means(names, units, kResamples), .judged = names.size()};
  answer.reason = lacking(answer.measures.front());
  if (!answer.reason.empty()) return answer;
  answer.verdict = exceeds(answer.measures.front(), kLeastDistraction);
  if (answer.verdict != Verdict::supported || options.confirming.empty()) return answer;
  if (!confirms || !answer.measures[1].estimate)
    return not_said(fmt::format("no heatmaps by {}, whose sign has to agree", options.confirming),
                    answer.measures);
  if (answer.measures[1].estimate->value <= 0) {
    answer.verdict = Verdict::undecided;
    answer.reason = fmt::format("{} has the opposite sign", options.confirming);
  }
  return answer;
}

Answer distraction_beyond_flip(const StoredRun& run, const ConditionEvidence& evidence,
                               DistractionOptions options) {
  if (options.blocks.empty()) options.blocks = late_blocks(run);
  if (const std::string why = obstacle(evidence, options); !why.empty()) return not_said(why);
  constexpr std::array kKinds = {kFlipGaussian, kBoost};
  std::vector<std::vector<Measured>> units;
  for (const ImageEvidence* image : select(evidence, options.selection)) {
    auto& unit = units.emplace_back(kKinds.size());
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
      const KindResponse* kind = kind_of(*image, kKinds[i]);
      if (!kind || (kKinds[i] == kBoost && kind->kept_class < kind->inputs)) continue;
      unit[i] = distraction_beyond(run, *image, kKinds[i], options.method, options);
    }
  }
  std::vector<std::string> names;
  for (const std::string_view kind : kKinds) names.push_back(difference_name(options.method, kind));
  Answer answer{.measures = simultaneous_means(names, units, kResamples), .judged = kKinds.size()};
  std::vector<Verdict> parts;
  std::string missing;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    std::string why = lacking(answer.measures[i]);
    if (!kinds_in(evidence).contains(std::string(kKinds[i])))
      why = fmt::format("no control {} in the run", kKinds[i]);
    parts.push_back(why.empty() ? exceeds(answer.measures[i], kLeastDistraction) : Verdict::not_said);
    if (!why.empty() && missing != why) missing += (missing.empty() ? "" : "; ") + why;
  }
  answer.verdict = all_of(parts);
  if (answer.verdict == Verdict::not_said) answer.reason = missing;
  return answer;
}

}  // namespace faultline::findings
