#include "findings/susceptible_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "findings/rules.h"
#include "findings/simultaneous_means.h"
#include "stats/rank_intervals.h"

namespace faultline::findings {
namespace {

// Where the named layers stand among the convolutions; empty if one is not there.
std::vector<std::size_t> named_layers(const StoredRun& run) {
  const std::vector<std::size_t> points = convolutions(run);
  std::vector<std::size_t> found;
  for (const std::string_view name : kNamedLayers) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (run.points[points[i]].name == name) found.push_back(i);
    }
  }
  return found.size() == kNamedLayers.size() ? found : std::vector<std::size_t>{};
}

std::vector<std::vector<Measured>> outranked_shares(const ConvolutionSteps& steps,
                                                    const std::vector<std::size_t>& layers) {
  std::vector<std::vector<Measured>> shares;
  for (const auto& row : steps.rows) {
    auto& unit = shares.emplace_back();
    for (const std::size_t layer : layers) unit.push_back(outranked(row, layer));
  }
  return shares;
}

}  // namespace

Answer susceptible_layers(const StoredRun& run, const ConditionEvidence& evidence,
                          const std::vector<ConditionEvidence>& twins,
                          const SusceptibleLayersOptions& options) {
  const std::vector<std::size_t> layers = named_layers(run);
  if (layers.empty()) {
    return not_said(
        fmt::format("the network has no convolution layers {}", fmt::join(kNamedLayers, " and ")));
  }
  const TwinSteps of_twins(twins, run.points.size());
  const bool against_twins = options.against_twins && !of_twins.empty();
  std::vector<std::string> names;
  for (const std::string_view name : kNamedLayers)
    names.push_back(fmt::format("share of other convolutions that {}'s step outranks", name));
  auto units = outranked_shares(convolution_steps(run, evidence, options.selection), layers);
  if (against_twins) {
    for (const std::string_view name : kNamedLayers)
      names.push_back(fmt::format("the same of {}'s step minus the twins'", name));
    const auto beyond = convolution_steps(run, evidence, options.selection, &of_twins);
    const auto more = outranked_shares(beyond, layers);
    for (std::size_t i = 0; i < units.size(); ++i)
      units[i].insert(units[i].end(), more[i].begin(), more[i].end());
  }
  Answer answer{.measures = simultaneous_means(names, units, kResamples), .judged = names.size()};
  std::vector<Verdict> parts;
  for (const Measure& measure : answer.measures) {
    const std::string why = lacking(measure);
    parts.push_back(why.empty() ? exceeds(measure, kOutranksMost, kOutranksHalf) : Verdict::not_said);
    if (!why.empty()) answer.reason = why;
  }
  if (options.against_twins && !against_twins) {
    parts.push_back(Verdict::not_said);
    if (answer.reason.empty()) answer.reason = "no twins in the run";
  }
  answer.verdict = all_of(parts);
  if (answer.verdict == Verdict::not_supported) answer.reason.clear();
  return answer;
}

std::vector<LayerRank> rank_layers(const StoredRun& run, const ConvolutionSteps& steps) {
  std::vector<std::string> names;
  for (const std::size_t point : steps.points) names.push_back(run.points[point].name);
  const std::vector<Measure> means = simultaneous_means(names, steps.rows, kTableResamples);
  std::vector<double> complete;
  for (const auto& row : steps.rows) {
    if (!std::all_of(row.begin(), row.end(), [](const Measured& step) { return step.has_value(); })) continue;
    for (const Measured& step : row) complete.push_back(*step);
  }
  if (names.empty()) return {};
  const auto intervals = stats::rank_intervals(stats::Table(complete, names.size()), kAlpha);
  std::vector<LayerRank> ranks;
  for (std::size_t i = 0; i < names.size(); ++i) {
    ranks.push_back(
        {.layer = names[i], .step = means[i], .best = intervals[i].best, .worst = intervals[i].worst});
  }
  return ranks;
}

}  // namespace faultline::findings
